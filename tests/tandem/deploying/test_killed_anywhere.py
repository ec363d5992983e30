"""`apply` ends at any point and is begun again: nothing is sent twice, and all stands where it would."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from chain_of_others import SEND, Chain, CutError, Request, cut

from tandem.errors import TandemError
from tandem.protocol.applying import ForeignTransactionError, apply
from tandem.protocol.deploy import order
from tandem.protocol.deploy_journal import journal_of, read
from tandem.protocol.deployment import Deployment
from tandem.protocol.tandem import LOCAL_KEEPER_KEY
from tandem.terminal.deploying import carry_out
from tandem.venues import recipe

CONTRACTS = len(order(recipe("aave")))


def all_of(chain: Chain, path: Path, **how: Any) -> Deployment:
    return carry_out(
        chain.engine(**how), chain.recipe, chain.deployer, path, replace=False, said=lambda _: None
    )


def facts(found: Deployment) -> dict[str, Any]:
    return {key: value for key, value in json.loads(found.text()).items() if key != "block"}


@pytest.fixture(scope="module")
def undisturbed(standing: Chain, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with standing.undone():
        return facts(all_of(standing, tmp_path_factory.mktemp("once") / "there.json"))


@pytest.mark.parametrize("at", range(1, CONTRACTS + 1))
def test_it_ends_where_an_undisturbed_one_does(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any], at: int
) -> None:
    """Ended at each transaction in turn: by turns before the node heard of it, and before its answer."""
    ended(chain, tmp_path, undisturbed, at, at % 2 == 0)


@pytest.mark.long
@pytest.mark.parametrize("at", range(1, CONTRACTS + 1))
def test_the_same_the_other_way_round(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any], at: int
) -> None:
    ended(chain, tmp_path, undisturbed, at, at % 2 == 1)


def ended(chain: Chain, folder: Path, undisturbed: dict[str, Any], at: int, heard: bool) -> None:
    """Ended there, begun again, and as it would be."""
    path = folder / "there.json"
    before = chain.node.rpc("eth_getTransactionCount", chain.deployer, "latest")
    with pytest.raises(CutError):
        all_of(chain, path, between=cut(at, heard=heard))
    assert not path.exists()
    assert read(journal_of(path, "there")) is not None
    found = all_of(chain, path)
    assert facts(found) == undisturbed
    after = chain.node.rpc("eth_getTransactionCount", chain.deployer, "latest")
    assert int(after, 16) - int(before, 16) == CONTRACTS
    assert facts(Deployment.load(path)) == undisturbed
    assert not journal_of(path, "there").exists()


def test_it_may_end_at_every_one_of_its_transactions(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    """Each time it comes one transaction further."""
    path, times = tmp_path / "there.json", 0
    while not path.exists():
        times += 1
        try:
            all_of(chain, path, between=cut(2, heard=times % 2 == 0))
        except CutError:
            assert times <= CONTRACTS
    assert facts(Deployment.load(path)) == undisturbed


def test_between_the_last_transaction_and_the_record(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    """Everything stands, and nothing was written down."""
    path = tmp_path / "there.json"
    apply(chain.engine(), chain.recipe, chain.deployer, journal=journal_of(path, "there"))
    assert facts(all_of(chain, path)) == undisturbed


def test_between_the_record_and_the_journals_end(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    """A journal of what is written down is no reason to deploy again, nor to go on."""
    path = tmp_path / "there.json"
    journal = journal_of(path, "there")
    with pytest.raises(CutError):
        all_of(chain, path, between=cut(3, heard=True))
    kept = journal.read_bytes()
    all_of(chain, path)
    journal.write_bytes(kept)
    with pytest.raises(TandemError, match="describes a deployment already"):
        all_of(chain, path)
    assert not journal.exists()
    assert facts(Deployment.load(path)) == undisturbed


def test_a_process_that_is_killed(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    """SIGKILL, at whatever it is doing, several times."""
    path = tmp_path / "there.json"
    command = [sys.executable, "-m", "tandem", "deploy", "apply", str(chain.file), "--yes"]
    command += ["--rpc", chain.node.url, "--out", str(path)]
    env = {"TANDEM_KEY": LOCAL_KEEPER_KEY, "PATH": "/usr/bin:/bin"}
    journal = journal_of(path, "there")
    for lines in (3, 9):
        with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and process.poll() is None:
                if journal.is_file() and journal.read_bytes().count(b"\n") >= lines:
                    process.send_signal(signal.SIGKILL)
                    break
                time.sleep(0.005)
            assert process.wait(timeout=60) == -signal.SIGKILL
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "going on:" in done.stderr
    assert facts(Deployment.load(path)) == undisturbed


def foreign(chain: Chain) -> None:
    """The deployer sends something else."""
    engine = chain.engine()
    sign = engine._signers[chain.deployer]  # the deployer's own
    fields = {"from": chain.deployer, "to": chain.deployer, "data": b"", "value": 0, "gas": 21_000}
    fields |= {"gasPrice": engine.fees()[0], "nonce": engine.nonce(chain.deployer), "chainId": 10}
    hash_ = engine.request(SEND, ["0x" + sign(fields).hex()])
    while engine.request("eth_getTransactionReceipt", [hash_]) is None:
        time.sleep(0.01)


@pytest.mark.parametrize("heard", [False, True])
def test_it_stops_at_a_transaction_that_is_not_its_own(
    chain: Chain, tmp_path: Path, heard: bool
) -> None:
    """While it was away the deployer sent something: in the place of one that was written down and never
    sent, or in the place of the next."""
    path = tmp_path / "there.json"
    with pytest.raises(CutError):
        all_of(chain, path, between=cut(4, heard=heard))
    foreign(chain)
    count = chain.node.rpc("eth_getTransactionCount", chain.deployer, "latest")
    said = "not of this deployment" if heard else "left nothing at"
    with pytest.raises(ForeignTransactionError, match=said) as caught:
        all_of(chain, path)
    assert "begin anew" in caught.value.hint
    assert chain.node.rpc("eth_getTransactionCount", chain.deployer, "latest") == count


def test_it_stops_at_one_that_comes_in_between(chain: Chain, tmp_path: Path) -> None:
    """Its own process goes on while somebody sends with the same key."""

    def between(ask: Request) -> Request:
        left = [5]

        def request(method: str, params: list[Any]) -> Any:
            if method == SEND:
                left[0] -= 1
                if left[0] == 0:
                    foreign(chain)
            return ask(method, params)

        return request

    with pytest.raises(ForeignTransactionError, match="left nothing at"):
        all_of(chain, tmp_path / "there.json", between=between)


def test_code_of_others_at_an_address_of_ours_is_not_taken_for_it(
    chain: Chain, tmp_path: Path
) -> None:
    path = tmp_path / "there.json"
    journal = journal_of(path, "there")
    with pytest.raises(CutError):
        all_of(chain, path, between=cut(4, heard=True))
    at = journal.read_text().splitlines()[2].split('"address": "')[1][:42]
    chain.node.rpc("anvil_setCode", at, "0x60016000f3")
    with pytest.raises(ForeignTransactionError, match="not what the sources give"):
        all_of(chain, path)
