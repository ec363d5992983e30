"""What `tandem run` says on stderr while it keeps a market, ends, or cannot go on."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from listening import Said

from faults.proxy import Proxy
from keeper.cycle import Keeper
from keeper.heartbeat import Heartbeat
from keeper.journal import read_entries
from keeper.journal_rows import Wanted
from keeper.metrics import Meter
from keeper.runner import Runner
from tandem.client.bounty import trigger
from tandem.units import WAD

Run = Callable[..., Result]


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stderr.splitlines()]


def test_an_act_is_a_line_with_block_hash_and_intent(
    tandem: Run, market: Any, settings: Path
) -> None:
    """Issue: "logs by structlog everywhere: time, level, block, hash, intent; `--log json`"."""
    market.engine.advance(700)
    block = market.engine.block()
    (line,) = lines(tandem("run", "--once", "--log", "json"))
    (entry,) = read_entries(settings / "journal.sqlite", Wanted())
    assert entry.attempt
    assert list(line)[:6] == ["time", "level", "event", "block", "hash", "intent"]
    assert line["event"] == "mined"
    assert (line["block"], line["hash"], line["intent"]) == (block, entry.attempt.hash, "post")
    assert line["action"] == entry.action.id


def test_people_read_the_same_in_words(tandem: Run, market: Any, settings: Path) -> None:
    market.engine.advance(700)
    result = tandem("run", "--once")
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert " [info] mined " in line
    assert " intent=post " in line


def test_what_ends_a_keeper_is_a_line_of_json_too(
    tandem: Run, market: Any, proxy: Proxy, settings: Path
) -> None:
    """Whoever reads line by line reads why it ended, without the token of the node's address."""
    proxy.answer = lambda asked, _: {"id": asked["id"]}
    result = tandem("run", "--once", "--log", "json", "--rpc", f"{proxy.url}/s3cr3t-t0ken")
    assert result.exit_code == 2
    (line,) = lines(result)
    assert line["level"] == "error"
    assert line["event"].startswith("no node answers")
    assert line["hint"]
    assert "s3cr3t" not in result.stderr


@pytest.fixture
def heart(keeper: Keeper, said: Said) -> tuple[Heartbeat, list[float]]:
    """With a clock that a test sets."""
    meter, now = Meter(), [1_000.0]
    meter.watch(keeper, None)
    return Heartbeat(keeper, None, meter, said, 300.0, lambda: now[0]), now


@pytest.fixture
def said() -> Said:
    return Said()


def test_a_heartbeat_says_where_it_stands_at_once_and_then_now_and_then(
    keeper: Keeper, market: Any, heart: tuple[Heartbeat, list[float]], said: Said
) -> None:
    beats, now = heart
    runner, look = Runner(None, 60, said, beats.meter, beats), partial(beats.meter.look, keeper)
    for _ in range(3):
        market.engine.advance(12)
        runner.once(look)
    assert said.events == ["heartbeat"]
    s = market.tandem.snapshot()
    first = said.lines[0][2]
    assert first["block"] == market.engine.block() - 2
    assert first["residual"] == pytest.approx(s.stance.residual / WAD, abs=1e-3)
    assert first["hard_band"] == pytest.approx(s.stance.hard / WAD, abs=1e-3)
    assert 0 < first["trigger"] < first["hard_band"]
    assert first["trigger"] == pytest.approx(
        trigger(s.stance) / WAD, abs=1e-4
    )  # as `status` has it
    assert first["balance"] == pytest.approx(market.engine.balance(market.tandem.keeper) / WAD)
    assert (first["waiting"], first["cycles"], first["asset"]) == (0, 1, "ETH")
    now[0] += 299
    runner.once(look)
    assert len(said.lines) == 1
    now[0] += 1
    runner.once(look)
    assert len(said.lines) == 2
    assert said.lines[1][2]["cycles"] == 4


def test_the_balance_that_a_heartbeat_says_is_the_meters_and_asked_for_once(
    keeper: Keeper,
    heart: tuple[Heartbeat, list[float]],
    said: Said,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each asked for its own within the minute. Of several markets of a key one meter weighs it."""
    beats, now = heart
    engine, asked = keeper.observer.engine, list[str]()
    honest = engine.balance
    monkeypatch.setattr(engine, "balance", lambda who: asked.append(who) or honest(who))
    runner, look = Runner(None, 60, said, beats.meter, beats), partial(beats.meter.look, keeper)
    for weighs in (True, False):
        beats.meter.weighs = weighs
        runner.once(look)
        now[0] += 300
    assert asked == [keeper.account]
    assert ["balance" in fields for _, _, fields in said.lines] == [True, False]


def test_a_heartbeat_goes_on_while_no_node_answers_and_asks_none(
    keeper: Keeper,
    heart: tuple[Heartbeat, list[float]],
    said: Said,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    beats, _ = heart
    monkeypatch.setattr(keeper.observer, "engine", None)  # which cannot be asked
    beats.beat(is_well=False)
    assert said.lines == [("info", "heartbeat", {"waiting": 0, "node": None, "cycles": 0})]


def test_no_heartbeat_is_said_where_none_is_wanted(
    keeper: Keeper, heart: tuple[Heartbeat, list[float]], said: Said
) -> None:
    heart[0].seconds = 0
    heart[0].beat(is_well=True)
    assert said.lines == []
