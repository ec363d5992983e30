"""`tandem pause`: what an operator stops stays so until he says otherwise; what protects others goes on."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from keeper.assembly import build
from keeper.cycle import Keeper
from keeper.metrics import Meter
from keeper.pauses import CAN_WAIT, Pauses, begin, path_beside, read
from keeper.planner import Kind
from keeper.settings import load_settings
from tandem.connection import connect, signer_of

Run = Callable[..., Result]


@pytest.fixture
def moved(market: Any) -> Any:
    """A price that leaves a residual, and a surface that is due."""
    market.engine.advance(700)
    market.move(2_650)
    market.rest()
    return market


def kinds(keeper: Keeper) -> set[str]:
    return {each.intent.kind for each in keeper.cycle()}


def test_a_keeper_at_work_stops_within_a_cycle_and_goes_on_when_told(
    tandem: Run, keeper: Keeper, moved: Any
) -> None:
    said: list[str] = []
    assert keeper.pauses is not None
    keeper.pauses.say = said.append
    assert tandem("pause", "--reason", "the venue is upgraded").exit_code == 0
    assert not kinds(keeper)
    moved.engine.request("evm_mine", [])
    assert not kinds(keeper)
    assert len(said) == 1
    assert "the venue is upgraded" in said[0]
    assert any("the venue is upgraded" in note for note in keeper.plan()[1].notes)
    assert tandem("pause", "--end").exit_code == 0
    moved.engine.request("evm_mine", [])
    assert {"post", "rebalance"} <= kinds(keeper)
    assert said[1:] == ["the pause is over"]


def test_one_kind_alone_is_stopped_and_what_is_the_same_by_another_door(
    tandem: Run, keeper: Keeper, moved: Any
) -> None:
    found = json.loads(tandem("pause", "--only", "rebalance", "--json").stdout)
    assert found["kinds"] == ["rebalance", "bounty"]
    done = kinds(keeper)
    assert "post" in done
    assert not done & {"rebalance", "bounty"}


def test_margin_that_lacks_is_topped_up_and_an_expiry_is_settled_whatever_waits(
    tandem: Run, keeper: Keeper, market: Any
) -> None:
    """Unless all of it is to stop, or just that."""
    market.engine.advance(700)
    market.move(1_400)
    market.rest()
    assert keeper.plan()[0].account.top_up
    tandem("pause", "--all")
    assert not kinds(keeper)
    tandem("pause", "--only", "top_up,rebalance,post,remark")
    assert "top_up" not in kinds(keeper)
    tandem("pause", "--for", "1h")
    market.engine.request("evm_mine", [])
    assert kinds(keeper) == {"top_up"}
    market.engine.set_time(market.series.expiry + 1)
    market.tandem.exchange.set_index(1_400 * 10**18)
    assert "settle" in kinds(keeper)


def test_a_restart_forgets_no_pause(tandem: Run, keeper: Keeper, moved: Any) -> None:
    tandem("pause", "--for", "2h")
    keeper.close()
    settings = load_settings()
    engine, deployment = connect(settings)
    again = build(settings, engine, deployment, signer_of(settings))
    try:
        assert not kinds(again)
    finally:
        again.close()


def test_a_pause_ends_by_itself(tandem: Run, settings: Path) -> None:
    tandem("pause", "--for", "30m", "--only", "post")
    pauses = Pauses(path_beside(settings / "journal.sqlite"))
    assert (found := pauses.look()) is not None
    assert found.until == pytest.approx(time.time() + 1_800, abs=30)
    pauses.clock = lambda: time.time() + 1_801
    assert pauses.look() is None
    assert pauses.seconds == 0
    shown = json.loads(tandem("pause", "--json").stdout)
    assert shown["paused"]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"kinds": ["juggle"], "since": 1, "until": null, "reason": ""}', "\xff"],
)
def test_one_that_cannot_be_read_stops_what_can_wait_and_is_named(
    tandem: Run, keeper: Keeper, moved: Any, settings: Path, text: str
) -> None:
    path_beside(settings / "journal.sqlite").write_bytes(text.encode("latin-1"))
    said: list[str] = []
    assert keeper.pauses is not None
    keeper.pauses.say = said.append
    assert not kinds(keeper)
    assert len(said) == 1
    assert "cannot be read" in said[0]
    shown = tandem("pause")
    assert shown.exit_code == 2
    assert "cannot be read" in shown.stderr
    (line,) = (each for each in _doctor(tandem) if each["name"] == "pause")
    assert line["state"] == "fail"
    assert tandem("pause", "--end").exit_code == 0
    assert "nothing is paused" in tandem("pause").stdout


def _doctor(tandem: Run) -> list[dict[str, str]]:
    return json.loads(tandem("doctor", "--json").stdout)


def test_doctor_metrics_and_readiness_say_that_it_is_paused(
    tandem: Run, keeper: Keeper, moved: Any
) -> None:
    meter = Meter()
    meter.watch(keeper, keeper.observer.engine.node)  # pyright: ignore[reportAttributeAccessIssue]
    assert 'tandem_paused{kind="post"} 0.0' in meter.text().decode()
    tandem("pause", "--reason", "upgrade")
    meter.cycle(keeper)
    told = meter.text().decode()
    for kind in Kind:
        assert f'tandem_paused{{kind="{kind}"}} {float(kind in CAN_WAIT)}' in told
    assert "upgrade" in meter.lacks()
    (line,) = (each for each in _doctor(tandem) if each["name"] == "pause")
    assert line["state"] == "warn"
    assert "upgrade" in line["found"]
    assert "upgrade" in tandem("run", "--dry-run", "--once").stdout
    tandem("pause", "--end")
    meter.cycle(keeper)
    assert "paused" not in meter.lacks()
    assert not any(each["name"] == "pause" for each in _doctor(tandem))


def test_its_age_is_counted_from_when_it_began(tandem: Run, settings: Path) -> None:
    tandem("pause", "--reason", "upgrade")
    file = path_beside(settings / "journal.sqlite")
    found = read(file)
    assert found is not None
    pauses = Pauses(file, clock=lambda: found.since + 86_401)
    pauses.look()
    assert pauses.seconds == pytest.approx(86_401)
    begin(file, found)
    assert read(file) == found


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        (("--only", "juggle"), "nothing called juggle"),
        (("--only", ","), "--only names nothing"),
        (("--for", "soon"), "no length of time"),
        (("--for", "0h"), "no length of time"),
        (("--end", "--all"), "--end goes with no other"),
        (("--only", "post", "--all"), "exclude each other"),
        (("--reason", "a\nb"), "no short line"),
    ],
)
def test_what_no_pause_is_is_refused_and_nothing_is_written(
    tandem: Run, settings: Path, flags: tuple[str, ...], word: str
) -> None:
    result = tandem("pause", *flags)
    assert result.exit_code == 2
    assert word in result.stderr
    assert not path_beside(settings / "journal.sqlite").exists()


@pytest.mark.parametrize(
    "named",
    [("--journal", "jurnal.sqlite"), ("--account", "0x" + "ab" * 20), ("--account", "nobody")],
)
def test_a_keeper_that_there_is_not_is_not_said_to_be_paused(
    tandem: Run, settings: Path, monkeypatch: pytest.MonkeyPatch, named: tuple[str, str]
) -> None:
    """Whoever misspells it would go home while his keeper goes on."""
    monkeypatch.delenv("TANDEM_JOURNAL")
    monkeypatch.chdir(settings)
    monkeypatch.setattr("keeper.settings.JOURNALS", settings / "journals")
    for told in (("--for", "1h"), ("--end",), ()):
        result = tandem("pause", *named, *told)
        assert result.exit_code == 2
        assert "there is no journal" in result.stderr
        assert not list(settings.rglob("*.pause"))


@pytest.mark.usefixtures("moved")
def test_it_is_shown_to_who_has_no_key_where_the_journal_is_named(
    tandem: Run, keeper: Keeper, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the journal's name alone: a dry run and a doctor had said nothing of it without the key."""
    tandem("pause", "--reason", "the venue is upgraded")
    monkeypatch.delenv("TANDEM_KEY")
    assert load_settings().journal == settings / "journal.sqlite"
    (line,) = (each for each in _doctor(tandem) if each["name"] == "pause")
    assert "the venue is upgraded" in line["found"]
    shown = tandem("run", "--dry-run", "--once")
    assert "the venue is upgraded" in shown.stdout + shown.stderr
