"""The doctor finds what is wrong, says what to do, and exits with 1."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from click.testing import Result
from execution.signing import said

from keeper.cli._nodes import clock
from keeper.journal import Journal, Outcome, State
from keeper.settings import load_settings
from keeper.signer.judge import Judge
from keeper.signer.server import Desk, listener
from keeper.tables import SignerTable
from tandem.engine.anvil import free_port
from tandem.feeds.surface import FLAT, Modelled, SurfaceSpec
from tandem.protocol.reasons import REASONS
from tandem.protocol.surface_signing import SurfaceDomain
from tandem.units import DAY, WAD

from .conftest import KEEPER_KEY, SIGNER_KEY

SPEC = SurfaceSpec(shapes=FLAT, premium=1.0, long_vol=0.6, basis=0.0)

Run = Callable[..., Result]


def findings(result: Result) -> dict[str, dict[str, str]]:
    return {line["name"]: line for line in json.loads(result.stdout)}


def failures(result: Result) -> list[str]:
    return [name for name, line in findings(result).items() if line["state"] == "fail"]


def test_a_healthy_market_passes_every_check(tandem: Run) -> None:
    result = tandem("doctor", "--json")
    assert failures(result) == []
    assert result.exit_code == 0
    names = {"node", "chain", "clock", "contracts", "owner", "surface signers", "oracle"}
    names |= {"surface", "margin", "floor", "key", "journal"}
    assert names <= set(findings(result))
    assert all(line["state"] == "ok" for line in findings(result).values())


def test_nobody_is_sent_to_the_doctor_by_the_doctor() -> None:
    """It passes on what the chain refuses: of a stale surface it said "see `tandem doctor`"."""
    assert [key for key, (_, todo) in REASONS.items() if "tandem doctor" in todo] == []


def test_a_node_that_is_away_is_the_first_and_only_failure(tandem: Run) -> None:
    result = tandem("doctor", "--json", "--rpc", f"http://127.0.0.1:{free_port()}")
    assert result.exit_code == 1
    assert failures(result) == ["connection"]
    assert "no node answers" in findings(result)["connection"]["found"]


def test_a_node_of_another_chain_is_named(tandem: Run, market: Any, settings: Path) -> None:
    raw = json.loads(market.file.read_text()) | {"chain_id": 42_161}
    other = settings / "other.json"
    other.write_text(json.dumps(raw))
    result = tandem("doctor", "--json", "--deployment", str(other))
    assert result.exit_code == 1
    assert "chain 31337" in findings(result)["connection"]["found"]


def test_code_that_is_not_the_sources_is_named(tandem: Run, market: Any) -> None:
    where = market.deployment.address("HedgeRouter")
    code = market.engine.code(where)
    market.engine.request("anvil_setCode", [where, "0x" + (code[:-1] + b"\x01").hex()])
    result = tandem("doctor", "--json")
    assert failures(result) == ["contracts"]
    assert "HedgeRouter" in findings(result)["contracts"]["found"]
    assert result.exit_code == 1
    verified = tandem("deploy", "verify", "--json")
    assert verified.exit_code == 1
    assert [f["name"] for f in json.loads(verified.stdout) if f["fault"]] == ["HedgeRouter"]


def test_stale_inputs_fail_each_by_name(tandem: Run, market: Any) -> None:
    market.engine.advance(5_000)
    result = tandem("doctor", "--json")
    assert {"oracle", "surface"} <= set(failures(result))
    gate = findings(result)["gate"]  # GT-4: it said nothing of a mark that stops every open
    assert gate["state"] == "warn"
    assert "`tandem remark`" in gate["found"]


def test_an_empty_account_fails(tandem: Run, market: Any) -> None:
    market.engine.request("anvil_setBalance", [market.tandem.keeper, "0x1"])
    result = tandem("doctor", "--json")
    assert failures(result) == ["key"]
    assert findings(result)["key"]["todo"]


def test_a_keeper_at_work_is_healthy_and_is_not_disturbed(
    tandem: Run, market: Any, settings: Path
) -> None:
    file = settings / "journal.sqlite"
    held = Journal(file, 31_337, market.tandem.keeper)
    held.plan("settle", (1,), "due", 1)
    before = {path.name: path.read_bytes() for path in settings.iterdir()}
    result = tandem("doctor", "--json")
    after = {path.name: path.read_bytes() for path in settings.iterdir()}
    held.close()
    assert failures(result) == []
    assert f"held by process {os.getpid()}" in findings(result)["journal"]["found"]
    assert {k: v for k, v in after.items() if "shm" not in k} == {
        k: v for k, v in before.items() if "shm" not in k
    }


def test_another_accounts_journal_fails_by_its_owner(
    tandem: Run, market: Any, settings: Path
) -> None:
    Journal(settings / "journal.sqlite", 31_337, market.tandem.trader).close()
    result = tandem("doctor", "--json")
    assert failures(result) == ["journal"]
    assert market.tandem.trader in findings(result)["journal"]["found"]


def test_a_journal_that_cannot_be_is_named(tandem: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_JOURNAL", "/dev/null/journal.sqlite")
    result = tandem("doctor", "--json")
    assert failures(result) == ["journal"]
    for command in (("run", "--once"), ("journal",)):
        refused = tandem(*command)
        assert refused.exit_code == 2
        assert "/dev/null" in refused.stderr
        assert "what to do next: " in refused.stderr


def test_a_surface_key_without_the_role_fails(tandem: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_SURFACE__KEYS", KEEPER_KEY)
    result = tandem("doctor", "--json")
    assert failures(result) == ["surface signers"]
    assert KEEPER_KEY[2:] not in result.output


def test_no_key_is_a_warning_because_a_dry_run_needs_none(
    tandem: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TANDEM_KEY")
    result = tandem("doctor", "--json")
    assert result.exit_code == 0
    assert findings(result)["key"]["state"] == "warn"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"TANDEM_POLICY__NAME": "thresold"}, "thresold"),
        ({"TANDEM_POLICY__SETTINGS__MULTIPEL": "2"}, "multipel"),
        ({"TANDEM_FORECAST__NAME": "crystal-ball"}, "crystal-ball"),
        (
            {"TANDEM_SURFACE__KIND": "chain", "TANDEM_SURFACE__CHAIN_FILE": "nowhere.parquet"},
            "nowhere.parquet",
        ),
    ],
)
def test_what_no_keeper_starts_with_fails(
    tandem: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    """All was well, and `tandem run` with the same settings ended with an error."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert tandem("run", "--dry-run", "--once").exit_code == 2
    result = tandem("doctor", "--json")
    assert failures(result) == ["keeper"]
    assert said in findings(result)["keeper"]["found"]
    assert findings(result)["keeper"]["todo"]
    assert result.exit_code == 1


def test_a_chain_that_is_ahead_is_not_of_a_negative_age(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = float(market.engine.now())
    monkeypatch.setattr("keeper.cli.doctor.time.time", lambda: now - 188)
    said = findings(tandem("doctor", "--json"))["clock"]["found"]
    assert said == "the latest block is 188 s ahead of this machine's clock"


@pytest.mark.parametrize(
    ("ahead", "is_well"), [(30, True), (32, False), (110, False), (-110, True)]
)
@pytest.mark.parametrize(
    ("name", "given", "is_own"),
    [
        ("TANDEM_SURFACE__SIGNERS", "http://127.0.0.1:9", True),
        ("TANDEM_SURFACE__SIGNERS", "http://127.0.0.1:9", False),
        ("TANDEM_SURFACE__KEYS", SIGNER_KEY, False),
    ],
)
def test_a_clock_by_which_no_surface_is_signed_is_named(
    settings: Path, monkeypatch: pytest.MonkeyPatch, name: str, given: str, is_own: bool, ahead: int,
    is_well: bool,
) -> None:  # fmt: skip
    """All was well up to two minutes, and on a chain of one's own whatever it was: half a minute ahead of
    this machine a keeper posts nothing, and signers of their own refuse."""
    assert settings.is_dir()
    monkeypatch.setenv(name, given)
    engine = cast(
        "Any", SimpleNamespace(now=lambda: int(time.time()) + ahead, is_development=is_own)
    )
    line = clock(engine, load_settings())
    assert (line.state == "ok") is is_well
    assert ("no surface is posted" in line.found) is not is_well
    assert bool(line.todo) is not is_well


def test_an_account_that_holds_little_is_named_with_what_it_lacks(tandem: Run, market: Any) -> None:
    """Below what one transaction may cost it is a warning, with nothing to speak of a failure."""
    keeper = market.tandem.keeper
    for wei, state in ((10**18, "ok"), (4 * 10**16, "warn"), (10**15, "fail")):
        market.engine.request("anvil_setBalance", [keeper, hex(wei)])
        line = findings(tandem("doctor", "--json"))["key"]
        assert line["state"] == state
        assert f"{wei / 10**18:.6f} ETH" in line["found"]
    assert "0.049000 ETH" in line["todo"]


def test_a_days_gas_is_what_its_transactions_cost_whenever_they_were_planned(
    tandem: Run, market: Any, settings: Path
) -> None:
    """As the caps count it: of what waits for a day and is mined then nothing was counted."""
    held = Journal(settings / "journal.sqlite", 31_337, market.tandem.keeper)
    now = time.time()
    for nonce, signed_at in enumerate((now, now - 2 * DAY)):
        hash_ = f"0x{nonce}"
        held.sign(held.plan("post", (), "due", 1), hash_, nonce, b"raw", 1, 1, signed_at)
        held.finished(hash_, Outcome(State.MINED, 2, 21_000, "0x2", WAD // 2))
    held.close()
    with closing(sqlite3.connect(settings / "journal.sqlite", isolation_level=None)) as db:
        db.execute("UPDATE actions SET created_at = created_at - ?", (2 * DAY,))
    market.engine.request("anvil_setBalance", [market.tandem.keeper, hex(WAD)])
    line = findings(tandem("doctor", "--json"))["key"]
    assert line["found"].endswith("the last day cost 0.500000 ETH")
    assert (line["state"], line["todo"]) == ("warn", "send it at least 0.500000 ETH")


def test_signers_elsewhere_are_asked_who_they_are(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is away, which is a warning while another is enough; a stranger alone is a fault."""
    away = f"http://127.0.0.1:{free_port()}"
    monkeypatch.delenv("TANDEM_SURFACE__KEYS")
    monkeypatch.setenv("TANDEM_SURFACE__SIGNER_SECRETS", "a word that two of them know")
    good, strange = (body_of(who) for who in (market.tandem.engine.accounts[4], "0x" + "12" * 20))
    with said(good).there() as url, said(strange).there() as other:
        monkeypatch.setenv("TANDEM_SURFACE__SIGNERS", f"{url},{away}")
        result = tandem("doctor", "--json")
        assert failures(result) == []
        assert findings(result)["surface signers"]["found"] == "1 answer, 1 needed"
        assert away in findings(result)["surface signer"]["found"]
        monkeypatch.setenv("TANDEM_SURFACE__SIGNERS", other)
        result = tandem("doctor", "--json")
        assert "surface signers" in failures(result)
        assert other in findings(result)["surface signers"]["found"]


def body_of(who: str) -> bytes:
    return json.dumps({"signer": who}).encode()


def test_a_signer_that_does_not_know_this_keeper_is_named(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TANDEM_SURFACE__KEYS")
    judge = Judge(SurfaceDomain(1, "", ""), Modelled(SPEC), SignerTable(), lambda: 0.6)
    door = listener(0, Desk(SIGNER_KEY, judge, "a word that two of them know"))
    threading.Thread(target=door.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("TANDEM_SURFACE__SIGNERS", f"http://127.0.0.1:{door.server_port}")
    try:
        found = {}
        for secret in ("another word of sixteen", "a word that two of them know"):
            monkeypatch.setenv("TANDEM_SURFACE__SIGNER_SECRETS", secret)
            found[secret] = tandem("doctor", "--json")
            assert secret not in found[secret].output
    finally:
        door.shutdown()
        door.server_close()
    wrong, right = found.values()
    assert failures(wrong) == ["surface signers"]
    assert "TANDEM_SIGNER__SECRET" in findings(wrong)["surface signer"]["found"]
    assert failures(right) == []
    monkeypatch.delenv("TANDEM_SURFACE__SIGNER_SECRETS")
    assert "share a secret" in findings(tandem("doctor", "--json"))["surface signers"]["found"]
