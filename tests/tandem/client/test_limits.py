"""How much of each limit is used, as `tandem risk` shows it beside a node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from worlds import ETH, World

from tandem.client import gate, limits
from tandem.client.limits import Asked, Limit
from tandem.protocol.bindings.structs import Snapshot, VenueLosses
from tandem.terminal.common import table
from tandem.units import HOUR, UNIT, USD, WAD

NOTHING = Asked(None, 0.0, {"curie": VenueLosses(0, 30_000 * USD)}, 0, 0, None)


@pytest.fixture
def sold(beside: World) -> Iterator[World]:
    """Calls and puts, and a mark of the gate."""
    w = beside
    with w.undone():
        w.mint(w.call(2_500), 5 * ETH)
        w.mint(w.put(2_250), 3 * ETH)
        w.tandem.stress.send("remark", sender=w.stranger)
        w.mint(w.call(2_750, 5_000), 2 * ETH)
        yield w


def by_name(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["limit"]: row for row in rows}


def test_every_limit_is_the_one_that_the_contracts_refuse_by(
    sold: World, ask: Callable[..., Any]
) -> None:
    told = by_name(ask("risk")["limits"])
    t, words = sold.tandem, sold.terms()
    s, nav = t.snapshot(), t.vault.funds().nav / USD
    spot = sold.spot / WAD
    assert told["worst jump, USD"]["used"] == pytest.approx(s.gate.worst / WAD)
    assert told["worst jump, USD"]["of"] == pytest.approx(nav * words["gate"] / 1e4)
    hour = told["hour's opens, ETH"]
    assert hour["of"] - hour["used"] == pytest.approx(s.gate.room / UNIT)
    depth = t.venue.call("average", 180)[1] / WAD
    assert told["open by depth, ETH"]["used"] == 12
    assert told["open by depth, ETH"]["of"] == pytest.approx(depth * 1e-4 * 60 * words["unwind"])
    assert told["expiries"] == {"limit": "expiries", "used": 1, "of": 8, "share": 1 / 8}
    assert told["strikes of an expiry"]["used"] == len(s.expiries[0].strikes)
    largest = told["one trade, USD"]["of"]
    assert told["one trade, ETH"]["of"] == pytest.approx(largest / spot)
    with sold.refuses("limits: size over cap"):
        sold.mint(sold.call(2_500), int((largest + 10) / spot * UNIT))
    sold.mint(sold.call(2_500), int((largest - 10) / spot * UNIT))


@pytest.mark.parametrize("fuller", ["vega", "gamma"])
def test_the_fuller_of_vega_and_gamma_is_what_the_spread_goes_by(sold: World, fuller: str) -> None:
    """A quote's half-spread grows with the load of the book."""
    if fuller == "gamma":
        sold.set_terms(gamma_cap=50)
    words, s = sold.terms(), sold.tandem.snapshot()
    found = {x.name.split(",")[0]: x.share for x in shown(s)}
    quoted = sold.tandem.quote(sold.call(2_500), ETH // 100).half_spread / WAD
    load = (quoted - words["half_spread"] / 1e4) / (words["spread_slope"] / 1e4)
    assert 0.01 < load < 1
    other = {"vega": "gamma", "gamma": "vega"}[fuller]
    assert (found[fuller] or 0.0) > (found[other] or 0.0)
    assert found[fuller] == pytest.approx(load, rel=0.01)


def test_the_floor_keeps_reserve_and_exits(sold: World) -> None:
    """FL-3: an open leaves as much as is owed at most, a share of NAV at the most, and what exits may use."""
    s, words = sold.tandem.snapshot(), sold.terms()
    (kept,) = (x for x in shown(s) if x.name == "kept of the floor, USD")
    nav = s.funds.nav / USD
    assert s.maxima / USD < nav * words["reserve"] / 1e4
    assert kept.used == pytest.approx(s.maxima / USD + nav * words["exit_share"] / 1e4)
    assert kept.most == sold.floor() / USD


@pytest.mark.parametrize("lendable", [0, USD // 2, 5 * USD])
def test_the_next_top_up_goes_by_what_the_vault_says_it_may_lend(
    sold: World, lendable: int
) -> None:
    """FL-10: one answer of the Vault's, and no second rule beside it."""
    s = sold.tandem.snapshot()
    short = replace(s, account=replace(s.account, top_up=USD))
    (top_up,) = (x for x in shown(short, lendable=lendable) if x.name == "next top-up, USD")
    assert (top_up.used, top_up.most) == (1.0, lendable / USD)


def test_risk_asks_the_vault_what_it_may_lend(sold: World, ask: Callable[..., Any]) -> None:
    told = by_name(ask("risk")["limits"])["next top-up, USD"]
    assert told["of"] == sold.tandem.vault.call("would_lend", sold.tandem.venue) / USD > 0


@pytest.mark.parametrize("taken", [0, 120 * USD])
def test_what_bounties_took_today_is_told_offer_or_none(sold: World, taken: int) -> None:
    s = sold.tandem.snapshot()
    budget = s.funds.nav * sold.terms()["bounty"] // 100_000
    (bounties,) = (x for x in shown(s, bounties=taken) if x.name == "bounties today, USD")
    assert (bounties.used, bounties.most) == (taken / USD, budget / USD)


def test_what_trips_the_breaker_is_told_in_its_own_terms(sold: World) -> None:
    s, words = sold.tandem.snapshot(), sold.terms()
    nav = s.funds.nav
    seen = {"time": s.timestamp, "share_time": s.timestamp}
    state = replace(s.breaker, lost=nav // 200, drained=nav // 1_000, share=2 * 10**18, **seen)
    found = {x.name: x for x in shown(replace(s, breaker=state), price=1.9 * 10**18)}
    assert found["unexplained today, USD"].share == pytest.approx(50 / words["venue_loss"])
    assert found["funding today, USD"].share == pytest.approx(100 / words["drain"])
    assert found["share's fall, %"].used == pytest.approx(5)
    assert found["share's fall, %"].most == words["share_fall"] / 100


def test_a_share_is_told_in_what_the_breaker_remembers_it_in(
    sold: World, ask: Callable[..., Any]
) -> None:
    assert by_name(ask("risk")["limits"])["share's fall, %"]["used"] < 2


def test_what_was_lost_today_is_forgotten_while_nobody_looks(sold: World) -> None:
    s = sold.tandem.snapshot()
    for hours, left in ((0, 1.0), (12, 0.5), (30, 0.0)):
        state = replace(s.breaker, lost=8 * USD, drained=4 * USD, time=s.timestamp - hours * HOUR)
        found = {x.name: x.used for x in shown(replace(s, breaker=state))}
        assert found["unexplained today, USD"] == 8 * left
        assert found["funding today, USD"] == 4 * left


def shown(s: Snapshot, **asked: Any) -> tuple[Limit, ...]:
    return limits.limits(s, replace(NOTHING, **asked))


def test_where_nobody_marked_nothing_is_said_of_the_gate(sold: World) -> None:
    s = sold.tandem.snapshot()
    never = replace(s.gate, mark=replace(s.gate.mark, time=0, hour=0), limit=0, room=0)
    found = {x.name: x for x in shown(replace(s, gate=never))}
    assert found["worst jump, USD"].share is None
    assert found["hour's opens, ETH"].share is None
    assert found["open by depth, ETH"].share is None  # nor of a venue that does not answer


def test_a_worst_jump_past_the_gate_is_said_in_words(sold: World) -> None:
    """GT-3. It said "1,200.00 USD of 1,000.00", which nobody reads as a stop."""
    s = sold.tandem.snapshot()
    over = replace(s, gate=replace(s.gate, worst=s.gate.limit + WAD))
    assert "past it: only what lowers it opens, marked" in gate.line(over)
    assert "past it" not in gate.line(s)


def test_one_expiry_is_not_called_expiries(sold: World, tandem: Callable[..., Any]) -> None:
    assert "of options in 1 expiry\n" in tandem("risk").stdout


@pytest.mark.parametrize(
    ("used", "most", "share", "says"),
    [
        (0.0, 8.0, 0.0, "······     0 %"),
        (2.0, 8.0, 0.25, "██····    25 %"),
        (9.0, 8.0, 1.125, "██████   112 %"),
        (90.0, 8.0, 11.25, "██████ > 999 %"),
        (1.0, 0.0, 1.0, "██████   100 %"),
        (0.0, 0.0, None, ""),
        (None, 8.0, None, ""),
        (1.0, None, None, ""),
    ],
)
def test_a_share_is_a_bar_and_a_number(
    used: float | None, most: float | None, share: float | None, says: str
) -> None:
    limit = Limit("x", used, most)
    assert limit.share == share
    assert limits.rows((limit,))[1][3] == says


@pytest.mark.parametrize(
    ("used", "says"),
    [
        (None, "–"),
        (0.0, "0"),
        (4e-8, "0.0000"),
        (9.5, "9.5000"),
        (837.36, "837.36"),
        (1e6, "1,000,000"),
    ],
)
def test_figures_are_as_long_as_people_need(used: float | None, says: str) -> None:
    assert limits.rows((Limit("x", used, 8.0),))[1][1] == says


@pytest.mark.parametrize("columns", [60, 80])
def test_at_sixty_and_eighty_columns_it_is_a_table(
    sold: World, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = table(limits.rows(shown(sold.tandem.snapshot())))
    assert max(map(len, lines)) <= columns
    assert lines[0].split() == ["limit", "used", "of", "share"]
