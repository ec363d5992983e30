"""`apply` ends at any point and is begun again: nothing is sent twice, and all stands where it would."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from chain_of_others import Chain
from cut_off import CONTRACTS, CutError, all_of, cut, facts

from tandem.engine.anvil import AnvilEngine
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.errors import TandemError
from tandem.protocol import applying
from tandem.protocol.applying import ForeignTransactionError, apply
from tandem.protocol.deploy_journal import journal_of, opened, read
from tandem.protocol.deployment import FOLDER, Deployment
from tandem.protocol.journal_lines import JournalError
from tandem.protocol.recipe import load_recipe
from tandem.protocol.tandem import LOCAL_KEEPER_KEY
from tandem.terminal.deploying import carry_out


@pytest.mark.sampled(3)
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


@contextmanager
def before_any(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """What is begun inside is cut off before a contract is compiled to be sent."""

    def end(_: object) -> None:
        raise CutError("cut off")

    with monkeypatch.context() as patch:
        patch.setattr(applying, "compile_all", end)
        with pytest.raises(CutError):
            yield


def test_before_its_first_transaction_where_the_venue_is_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The venue stands, and the journal names no transaction yet: it deployed the venue once more, at other
    addresses, which the journal then refused."""
    path, recipe = tmp_path / "local.json", load_recipe(FOLDER / "local.toml")
    with AnvilEngine() as node:
        node.rpc("evm_setAutomine", True)
        engine = RemoteEngine(Node(node.url).request, shared=True)

        def once() -> Deployment:
            who = node.accounts[6]
            return carry_out(engine, recipe, who, path, replace=False, said=lambda _: None)

        with before_any(monkeypatch):
            once()
        begun = read(journal_of(path, "local"))
        assert begun is not None
        assert not begun.numbers
        found = once()
        assert begun.head.venue.items() <= found.venue.items()


def test_before_its_first_transaction_and_somebody_else_takes_its_number(
    chain: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A constructor was said to refuse its arguments: what the rehearsal ran on stood there already."""

    path = tmp_path / "there.json"
    with before_any(monkeypatch):
        all_of(chain, path)
    all_of(chain, tmp_path / "other.json")
    with pytest.raises(ForeignTransactionError, match="is not of this deployment: number 0 was"):
        all_of(chain, path)


def test_only_what_was_begun_is_said_to_go_on(
    chain: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said so of a journal with nothing in it, and of one that no same command goes on with."""
    path = tmp_path / "there.json"
    journal = journal_of(path, "there")

    def end(*_: object) -> None:
        raise CutError("cut off")

    def notes(error: type[Exception]) -> str:
        with pytest.raises(error) as ended:
            all_of(chain, path)
        return "".join(getattr(ended.value, "__notes__", []))

    with monkeypatch.context() as patch:
        patch.setattr(applying, "steps", end)
        assert notes(CutError) == ""
    assert journal.exists()
    with monkeypatch.context() as patch:
        patch.setattr(applying, "compile_all", end)
        assert (
            notes(CutError) == f"{journal} says what was sent: the same command goes on from there"
        )
    with opened(journal):
        assert notes(JournalError) == ""


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


def test_a_process_that_is_told_to_end_says_how_to_go_on(chain: Chain, tmp_path: Path) -> None:
    """It ended with 143 and not a word, and who looked for one sent everything anew under another name."""
    path = tmp_path / "there.json"
    command = [sys.executable, "-m", "tandem", "deploy", "apply", str(chain.file), "--yes"]
    command += ["--rpc", chain.node.url, "--out", str(path)]
    env = {"TANDEM_KEY": LOCAL_KEEPER_KEY, "PATH": "/usr/bin:/bin"}
    journal = journal_of(path, "there")
    chain.node.rpc("evm_setAutomine", False)  # or it may have ended before it is told to
    with subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            if journal.is_file() and journal.read_bytes().count(b"\n") >= 3:
                process.send_signal(signal.SIGTERM)
                break
            if int(chain.node.rpc("txpool_status")["pending"], 16):  # who sent it looks at no block
                chain.node.rpc("evm_mine")  # of which this node, once it has another, keeps nothing
            time.sleep(0.005)
        said = process.communicate(timeout=60)[1]
    chain.node.rpc("evm_setAutomine", True)
    assert process.returncode == 143, said
    assert f"{journal} says what was sent: the same command goes on from there" in said


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
