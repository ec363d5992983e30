"""A plan follows from a snapshot alone: what is due, in the order in which to send it.

Longer than a file should be, by a few lines: every plan is of the one snapshot that is made up here."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from keeper.market_state import market_state
from keeper.planner import Facts, Kind, Plan, PlannerSettings, plan, without_expiries
from keeper.policy import Decision, MarketState
from keeper.policy.built_in.whalley_wilmott import WhalleyWilmottPolicy
from tandem.model.svi import Slice, pack
from tandem.protocol import terms
from tandem.protocol.bindings.structs import (
    BreakerState,
    Expiry,
    Funds,
    Gate,
    GateMark,
    HedgeAccount,
    Snapshot,
    Stance,
)
from tandem.units import UNIT, WAD

NOW = 1_795_000_000
NEAR, FAR = NOW + 10 * 86_400, NOW + 30 * 86_400
WORD = pack(Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1))


@dataclass(frozen=True)
class Always:
    """A policy that wants one residual, whatever it sees."""

    target: float | None

    def decide(self, state: MarketState) -> Decision:
        return Decision(self.target, "always")


def expiry(at: int, units: int = 2_000_000) -> Expiry:
    """Capped calls at 2500/5000."""
    sizes = (units, -units)
    return Expiry(
        at, units, units * 2_500, 0, 0, WORD if units else 0, (2_500, 5_000), sizes, False
    )


def snapshot(residual: float = 0.5, **changes: Any) -> Snapshot:
    """A fresh market: 4 ETH of calls sold, trigger 0.1, hard band 0.4."""
    stance = Stance(
        2 * WAD, WAD // 1_000, WAD, int(residual * WAD), WAD // 5, 2 * WAD // 5, WAD // 10
    )
    values: dict[str, Any] = {
        "timestamp": NOW,
        "terms": terms.defaults(),
        "spot": 2_500 * WAD,
        "spot_time": NOW - 10,
        "spot_fresh": True,
        "surface_time": NOW - 60,
        "stance": stance,
        "position": int((2 + residual) * WAD),
        "gross": 4_000_000,
        "maxima": 10**10,
        "claims": 0,
        "floor": 10**11,
        "funds": Funds(10**12, 0, 0, 10**12, NOW),
        "account": account(0),
        "account_known": True,
        "expiries": (expiry(NEAR), expiry(FAR)),
        "gate": gate(),
        "breaker": BreakerState(
            0, 0, NOW, 2_500 * WAD, 2_500 * WAD, WAD // 4, 0, 0, 0, 0, 10**6, NOW, 0, 0
        ),
    }
    return Snapshot(**(values | changes))


def gate(age: int = 600, spot: int = 2_500 * WAD, *, fresh: bool = True) -> Gate:
    """The worst jump costs a tenth of NAV; marked `age` seconds ago, at a spot price."""
    mark = GateMark(2_000, 40 * UNIT, 10**12, 10**10, spot, NOW - age, NOW - age + 3_601, 0)
    return Gate(mark, (0,) * 8, 10**5 * WAD, 2 * 10**5 * WAD, fresh, 10**7)


def account(top_up: int) -> HedgeAccount:
    fields = dict.fromkeys(HedgeAccount.__dataclass_fields__, 0)
    return HedgeAccount(**(fields | {"bankrupt": False, "top_up": top_up}))


def kinds(found: Plan) -> list[Kind]:
    return [intent.kind for intent in found.intents]


def test_nothing_is_due_when_the_policy_is_content() -> None:
    found = plan(snapshot(), Facts(), Always(None))
    assert found.intents == ()
    assert found.notes == ("always",)


def test_everything_due_comes_in_the_order_of_need() -> None:
    late = expiry(NOW - 100)
    found = plan(
        snapshot(expiries=(late, expiry(FAR)), account=account(10**9)),
        Facts(rounds={late.expiry: 77}, top_up=10**9, sweep=0, exits=10**8, slices={FAR: WORD}),
        Always(0.0),
    )
    order = [Kind.SETTLE, Kind.TOP_UP, Kind.REBALANCE, Kind.PROCESS, Kind.POST]
    assert kinds(found) == order
    assert found.intents[0].args == (late.expiry, 77)
    assert found.intents[-1].args == (FAR, WORD)


def test_margin_that_is_not_short_leaves_the_hedge_first() -> None:
    assert kinds(plan(snapshot(), Facts(top_up=10**9), Always(0.0))) == [Kind.REBALANCE]


def test_a_top_up_that_the_vault_cannot_lend_is_a_note_and_no_intent() -> None:
    found = plan(snapshot(account=account(10**9)), Facts(top_up=0), Always(None))
    assert found.intents == ()
    assert "lacks 1,000.00 USD" in found.notes[0]


@pytest.mark.parametrize(
    ("residual", "wanted", "sent"),
    [
        (0.5, 0.2, WAD // 5),
        (-0.5, -0.2, -WAD // 5),
        (0.5, 0.0, 0),
        (0.5, -0.2, 0),  # beyond zero
        (0.5, 0.7, 0),  # further away
        (0.5, 0.0004, 0),  # below the lot
    ],
)
def test_a_target_lies_between_the_residual_and_zero(
    residual: float, wanted: float, sent: int
) -> None:
    found = plan(snapshot(residual), Facts(), Always(wanted))
    assert found.intents[0].args == (sent,)


@pytest.mark.parametrize(("residual", "sent"), [(0.15, 51), (-0.15, -51), (0.25, 0)])
def test_r27_who_acts_early_stops_early(residual: float, sent: int) -> None:
    """HG-9: |residual| and |target| make at least the band h together, 0.2 ETH here."""
    found = plan(snapshot(residual), Facts(), Always(0.0))
    assert found.intents[0].args == (sent * WAD // 1_000,)


def test_inside_the_contracts_trigger_nothing_is_sent() -> None:
    assert plan(snapshot(0.09), Facts(), Always(0.0)).intents == ()
    assert kinds(plan(snapshot(0.11), Facts(), Always(0.0))) == [Kind.REBALANCE]


def test_r14_a_stale_spot_stops_the_hedge_and_what_comes_home() -> None:
    """Margin goes by the venue while spot is refused: top-ups alone, sweeps wait. The processing of
    exits meets the spot of last resort through its own door, and is due where it would pay."""
    late = expiry(NOW - 100)
    found = plan(
        snapshot(spot_fresh=False, expiries=(late, expiry(FAR)), account=account(10**9)),
        Facts(rounds={late.expiry: 5}, top_up=10**9, sweep=10**9, exits=10**9, slices={FAR: WORD}),
        Always(0.0),
    )
    assert kinds(found) == [Kind.SETTLE, Kind.TOP_UP, Kind.PROCESS, Kind.POST]
    assert any("until then no hedge" in note for note in found.notes)
    market = snapshot(spot_fresh=False)
    assert plan(market, Facts(sweep=10**9), Always(0.0)).intents == ()


@pytest.mark.parametrize(
    ("room", "sent"), [(None, True), (0, False), (WAD // 4, False), (WAD // 2, True)]
)
def test_a_hedge_that_its_pace_holds_back_is_a_note(room: int | None, sent: bool) -> None:
    """ADR 0022: what no trader brings goes at most `chunk` of depth in a minute, near the pool's
    average. What is left waits until all of it fits, and the margin that it needs stays there."""
    found = plan(snapshot(0.5), Facts(hedge_room=room, sweep=10**9), Always(0.0))
    assert kinds(found) == ([Kind.REBALANCE] if sent else [])
    assert sent or "at its own pace" in found.notes[0]


def test_a_stale_surface_is_said_with_the_hedge() -> None:
    old = snapshot(surface_time=NOW - 901)
    (intent,) = plan(old, Facts(), Always(0.0)).intents
    assert "past its age" in intent.reason
    (intent,) = plan(snapshot(), Facts(), Always(0.0)).intents
    assert "past its age" not in intent.reason


def test_an_expiry_without_a_round_waits_and_says_so() -> None:
    late = expiry(NOW - 100)
    found = plan(snapshot(expiries=(late,)), Facts(), Always(None))
    assert found.intents == ()
    assert "waits for an oracle round" in found.notes[0]


def test_after_a_settlement_the_delta_that_went_is_hedged_at_once() -> None:
    late = expiry(NOW - 100)
    market = snapshot(0.0, expiries=(late, expiry(FAR)), spot=3_500 * WAD)
    before = market_state(market)
    after = without_expiries(before, market, (late.expiry,))
    # 2 ETH of calls 1000 in the money with a minute left move one to one.
    assert after.residual == pytest.approx(before.residual + 2.0, abs=1e-6)
    assert after.gross_units == pytest.approx(before.gross_units - 2.0)
    assert after.hard_band == pytest.approx(min(before.hard_band, 0.1 * after.gross_units))
    assert after.min_trigger == pytest.approx(after.hard_band / 4)
    found = plan(market, Facts(rounds={late.expiry: 5}), WhalleyWilmottPolicy())
    assert kinds(found) == [Kind.SETTLE, Kind.REBALANCE]


def test_an_idle_account_is_not_filled_and_emptied_in_turn() -> None:
    idle = {"position": 0, "maxima": 0, "gross": 0}
    open_for_trade = snapshot(**idle, expiries=(expiry(FAR, 0),), account=account(10**9))
    facts = Facts(top_up=10**9, sweep=10**9)
    assert kinds(plan(open_for_trade, facts, Always(None))) == [Kind.TOP_UP]
    swept = replace(open_for_trade, account=account(0))
    assert plan(swept, facts, Always(None)).intents == ()
    nothing_listed = replace(open_for_trade, expiries=())
    assert kinds(plan(nothing_listed, facts, Always(None))) == [Kind.SWEEP]
    paused = replace(open_for_trade, terms=terms.defaults(flags=1))
    assert kinds(plan(paused, facts, Always(None))) == [Kind.SWEEP]


def test_no_sweep_in_the_same_plan_as_a_hedge() -> None:
    facts = Facts(sweep=10**9)
    assert kinds(plan(snapshot(), facts, Always(0.0))) == [Kind.REBALANCE]
    assert kinds(plan(snapshot(), facts, Always(None))) == [Kind.SWEEP]


def test_jobs_that_are_switched_off_are_left_to_others() -> None:
    late = expiry(NOW - 100)
    market = snapshot(expiries=(late, expiry(FAR)), account=account(10**9))
    facts = Facts(rounds={late.expiry: 5}, top_up=10**9, exits=10**9)
    off = PlannerSettings(settle=False, rebalance=False, margin=False, exits=False)
    assert plan(market, facts, Always(0.0), off).intents == ()


def test_a_leftover_hedge_of_an_empty_book_is_closed_whole() -> None:
    empty = snapshot(0.5, expiries=(), gross=0, position=WAD // 2)
    assert plan(empty, Facts(), Always(0.3)).intents[0].args == (0,)


def test_equal_effects_have_equal_keys() -> None:
    one = plan(snapshot(), Facts(), Always(0.2)).intents[0]
    two = plan(snapshot(timestamp=NOW + 1), Facts(), Always(0.2)).intents[0]
    assert one.key == two.key
    assert one.key != plan(snapshot(), Facts(), Always(0.25)).intents[0].key


def test_a_plan_needs_no_number_that_is_unknown() -> None:
    found = plan(snapshot(), Facts(realised_vol=math.nan), WhalleyWilmottPolicy())
    assert kinds(found) == [Kind.REBALANCE]


OLD = Funds(10**12, 0, 0, 10**12, NOW - 5 * 3_600)


@pytest.mark.proves("AV-2")
def test_a_feed_that_fails_is_noted_whatever_else_is_due() -> None:
    """AV-2: "three days of notes count ... which anybody makes by `ChainlinkSpot.watch` while it fails"."""
    failing = plan(snapshot(spot_fresh=False), Facts(feed_fails=True), Always(None))
    assert kinds(failing)[0] is Kind.WATCH
    assert failing.intents[0].reason == "a feed fails"
    again = plan(snapshot(), Facts(feed_fails=False), Always(0.0))
    assert kinds(again) == [Kind.WATCH, Kind.REBALANCE]
    assert again.intents[0].reason == "the feeds answer again"


def test_an_old_mark_is_refreshed_once_the_surface_is() -> None:
    old = snapshot(funds=OLD)
    assert kinds(plan(old, Facts(), Always(None))) == [Kind.POKE]
    assert kinds(plan(old, Facts(slices={FAR: WORD}), Always(None))) == [Kind.POST]
    assert kinds(plan(old, Facts(exits=10**8), Always(None))) == [Kind.PROCESS]


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize(
    ("age", "due", "marks"),
    [(900, 600, True), (600, 900, False), (3_600, 9_000, True), (0, 0, False)],
    ids=["marked before they were due", "marked since", "an hour ago", "just now"],
)
def test_the_longest_wait_of_exits_begins_when_they_are_due(
    age: int, due: int, marks: bool
) -> None:
    """SH-8: "Where the Vault was marked otherwise `exit_wait` ago and nothing ended that wait since, exits
    that are due as long go on". So whoever marks first would begin their wait, were it not the keeper."""
    marked = snapshot(funds=Funds(10**12, 0, 0, 10**12, NOW - age))
    waiting = Facts(exits_wait=True, exits_age=due)
    assert (Kind.POKE in kinds(plan(marked, waiting, Always(None)))) == marks
    assert Kind.POKE not in kinds(plan(marked, Facts(exits_age=due), Always(None)))


@pytest.mark.parametrize(
    "changes",
    [
        {"funds": Funds(10**12, 0, 0, 10**12, NOW - 3 * 3_600)},
        {"surface_time": NOW - 901},
        {"surface_time": NOW - terms.FIELDS["exit_wait"].default},
        {"spot_fresh": False},
        {"expiries": (expiry(NOW - 100), expiry(FAR))},
        {"position": 0, "expiries": (expiry(FAR, units=0),)},
    ],
    ids=["young", "surface too old", "no signers left", "spot stale", "unsettled", "nothing open"],
)
def test_a_mark_is_not_refreshed_where_it_is_young_or_cannot_be_taken_or_cannot_move(
    changes: dict[str, Any],
) -> None:
    found = plan(snapshot(**({"funds": OLD} | changes)), Facts(), Always(None))
    assert Kind.POKE not in kinds(found)


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize(
    "changes",
    [{"spot_fresh": False}, {"terms": terms.defaults(flags=2)}],
    ids=["no feed left", "venue down"],
)
def test_exits_that_wait_are_marked_where_nothing_else_is(changes: dict[str, Any]) -> None:
    """SH-8: processing that is refused keeps no mark, so the longest wait begins with one of its own."""
    old = snapshot(funds=OLD, **changes)
    assert kinds(plan(old, Facts(exits_wait=True), Always(None))) == [Kind.POKE]
    assert kinds(plan(old, Facts(), Always(None))) == []
    young = snapshot(**changes)
    assert kinds(plan(young, Facts(exits_wait=True), Always(None))) == []


@pytest.mark.proves("SH-8", "SH-10")
@pytest.mark.parametrize(("early", "marks"), [(1, False), (0, True)])
def test_so_are_those_beside_a_slice_that_is_past_its_patience(early: int, marks: bool) -> None:
    """SH-10: who leaves there waits for a calm moment or his longest wait as beside any other."""
    silence = terms.FIELDS["exit_wait"].default - early
    old = snapshot(funds=OLD, surface_time=NOW - silence)
    assert (Kind.POKE in kinds(plan(old, Facts(exits_wait=True), Always(None)))) == marks
    assert Kind.POKE not in kinds(plan(old, Facts(), Always(None)))


def test_a_policy_is_asked_inside_the_trigger_and_where_nothing_is_open() -> None:
    class Asked:
        states: ClassVar[list[MarketState]] = []

        def decide(self, state: MarketState) -> Decision:
            self.states.append(state)
            return Decision(None, "no")

    empty = snapshot(0.0, position=0, expiries=(expiry(FAR, units=0),))
    for state in (snapshot(0.01), empty, snapshot(spot_fresh=False)):
        plan(state, Facts(), Asked())
    assert [s.residual for s in Asked.states] == [0.01, 0.0]
