"""What a keeper looks at before it moves money: code, key, and a price that jumps."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from listening import Said

import keeper.settings
from faults.conftest import Told
from keeper.codes import Codes
from keeper.cycle import Keeper
from keeper.feed_watch import APART, JUMP, Doubt
from keeper.journal import read_actions
from keeper.planner import Kind
from keeper.settings import load_settings
from tandem.units import WAD

Run = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[3]


# ---------------------------------------------------------------- code


@pytest.mark.parametrize("name", ["Market", "MarginDesk", "CurieVenue", "VenueLens"])
def test_a_keeper_stops_where_other_code_stands(
    tandem: Run, market: Any, name: str, told: Told
) -> None:
    """FAULTS 27: "upgraded: code hash checked, stops", loudly and by name."""
    market.engine.advance(700)
    before, address = market.nonce(), market.deployment.address(name)
    code = market.engine.request("eth_getCode", [address, "latest"])
    market.engine.request("anvil_setCode", [address, code + "00"])
    result = tandem("run", "--once")
    market.engine.request("anvil_setCode", [address, code])
    assert result.exit_code == 2
    assert f"other code stands at {name}" in result.stderr
    assert told.says("TandemKeeperGone", f"other code stands at {name}")
    assert market.nonce() == before
    assert tandem("run", "--once").exit_code == 0
    assert market.nonce() == before + 1


def test_code_is_asked_for_in_one_call(market: Any, keeper: Keeper) -> None:
    asked: list[str] = []
    engine: Any = keeper.observer.engine
    honest = engine.request
    engine.request = lambda method, params: (asked.append(method), honest(method, params))[1]
    Codes(engine, market.deployment).check()
    assert asked == ["eth_call"]


# ---------------------------------------------------------------- key


def test_one_process_uses_a_key_whatever_its_journal(
    keeper: Keeper, market: Any, settings: Path, told: Told
) -> None:
    """FAULTS 17: "two keepers, one key: lease; one sender". Each with a journal of its own."""
    del keeper
    before = market.nonce()
    second = subprocess.run(
        [sys.executable, "-m", "tandem", "run", "--once"], cwd=ROOT, text=True, check=False,
        env=os.environ | {"TANDEM_JOURNAL": str(settings / "other.sqlite")}, capture_output=True,
    )  # fmt: skip
    assert second.returncode == 2
    assert f"another process ({os.getpid()}) holds the key of" in second.stderr
    assert told.says("TandemKeeperGone", "holds the key of")
    assert market.nonce() == before


def test_a_key_that_is_let_go_of_is_free(tandem: Run, keeper: Keeper, settings: Path) -> None:
    assert "holds" in tandem("run", "--once").stderr
    keeper.close()
    assert tandem("run", "--once").exit_code == 0
    assert read_actions(settings / "journal.sqlite", 5) is not None


def test_journals_lie_with_the_users_data(monkeypatch: pytest.MonkeyPatch, settings: Path) -> None:
    """Issue: "Data lives in the user's data folder, not in the checkout". What lies where they lay stays."""
    path = load_settings().journal_path("local", "0x" + "ab" * 20)
    assert path.is_relative_to(keeper.settings.DATA)
    assert not path.is_relative_to(ROOT)
    monkeypatch.setattr(keeper.settings, "FORMER_JOURNALS", settings)
    (settings / path.name).touch()
    assert load_settings().journal_path("local", "0x" + "ab" * 20) == settings / path.name


# ---------------------------------------------------------------- price


def test_a_feed_that_jumps_alone_is_not_traded_on(keeper: Keeper, market: Any, heard: Said) -> None:
    """FAULTS 22; issue: "a feed 50 % up in one round was traded on". The pool stays where it is; nothing
    is hedged, marked or posted, and the keeper says why. With the pool's word it goes on."""
    market.engine.advance(700)
    assert keeper.cycle() != []
    spot = market.tandem.snapshot().spot
    market.tandem.exchange.set_index(spot * 3 // 2)
    before = market.nonce()
    assert keeper.cycle() == []
    assert "the price is doubted" in heard.warned
    plan = keeper.plan()[1]
    assert plan.intents == ()
    assert any("moved +50 % at once, and nobody else says so" in note for note in plan.notes)
    assert market.nonce() == before
    market.tandem.exchange.converge(spot * 3 // 2)
    market.rest()
    assert "moved" not in "".join(keeper.plan()[1].notes)
    assert {each.intent.kind for each in keeper.cycle()} & {Kind.REBALANCE, Kind.BOUNTY}


def test_a_second_round_confirms_the_first(keeper: Keeper, market: Any) -> None:
    market.engine.advance(700)
    keeper.cycle()
    spot = market.tandem.snapshot().spot
    for times, doubted in ((115, True), (116, False)):
        market.engine.advance(60)
        market.tandem.exchange.set_index(spot * times // 100)
        found = [note for note in keeper.plan()[1].notes if "at once" in note]
        assert bool(found) is doubted


def test_a_keeper_that_begins_after_a_jump_looks_at_the_round_before(
    tandem: Run, market: Any, told: Told
) -> None:
    """Who had just begun believed whatever it saw first: a false round had to wait for a restart alone. And
    `--once`, which begins each time, is held up until the next round and no longer."""
    market.engine.advance(700)
    spot, before = market.tandem.snapshot().spot, market.nonce()
    market.tandem.exchange.set_index(spot * 3 // 2)
    for _ in range(2):
        said = tandem("run", "--once")
        assert said.exit_code == 0
        assert "moved +50 % at once, and nobody else says so" in said.stderr
        assert told.says("TandemWarning", "the price is doubted", "nobody else says so")
    assert market.nonce() == before
    market.tandem.exchange.set_index(spot * 3 // 2)  # another round; the pool is where it was
    assert "at once" not in tandem("run", "--once").stderr
    assert market.nonce() > before


@given(st.integers(500, 9_000), st.integers(500, 9_000))
def test_the_first_price_is_believed_near_the_venues_or_where_it_says_none(
    first: int, venue: int
) -> None:
    doubt, spot = Doubt(), first * WAD
    said = doubt.of(spot, 1, lambda: venue * WAD)
    assert (said == "") is (abs(first - venue) <= JUMP * venue)
    assert doubt.of(spot, 2, lambda: venue * WAD) == ""  # another round of the feed says so too
    assert Doubt().of(spot, 1, lambda: 0) == ""


PRICES = st.lists(st.integers(500, 9_000), min_size=2, max_size=12)


@given(PRICES)
def test_what_nobody_else_says_is_never_believed_and_what_the_venue_says_is(
    prices: list[int],
) -> None:
    alone, beside = Doubt(), Doubt()
    believed = prices[0]
    for price in prices:
        spot = price * WAD
        assert beside.of(spot, 1, lambda s=spot: s * 104 // 100) == ""
        said = alone.of(spot, 1, lambda: 0)  # of one round, however often it is looked at
        is_near = abs(price - believed) <= JUMP * believed
        assert (said == "") is is_near
        believed = price if is_near else believed
    assert 0 < APART < JUMP
