"""Guardian: a term that gets safer applies at once, every other waits in public (R24)."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from guardian_bench import DELAY, OWNER, env, now
from hypothesis import given, settings
from hypothesis import strategies as st
from quick_chain import reverts

from tandem.errors import Reverted
from tandem.protocol import terms
from tandem.protocol.announced import VALIDITY
from tandem.units import DAY, HOUR, WAD

# Which way is tighter, field by field, as the documentation has it.
UP = ()
DOWN = (
    "max_trade", "call_cap", "gate", "hour", "jump", "venue_loss", "share_fall", "drain",
    "bounty", "unwind",
)  # fmt: skip
NEITHER = (
    "half_spread", "spread_slope", "fee", "capital_charge", "fill_band", "reserve", "gamma_cap",
    "vega_cap", "hedge_cost", "risk_aversion", "surface_age", "surface_move", "surface_window",
    "exit_gap", "exit_wait", "exit_share", "least_premium", "carry", "average_band", "chunk",
)  # fmt: skip


def test_every_field_has_its_direction_in_the_table():
    assert {*UP, *DOWN, *NEITHER, "flags"} == set(terms.FIELDS)


@pytest.mark.proves("PW-1", "SH-10")
def test_r40_no_wait_of_an_exit_is_over_when_a_slice_becomes_stale_nor_outlasts_a_delay():
    """A stale slice may be renewed for as long again at least before exits go on without it, and whoever is
    left without signers has waited for that and for a calm moment before the shortest delay is over. With
    signers who post just before a wait is over he waits as long again."""
    age, wait = terms.FIELDS["surface_age"], terms.FIELDS["exit_wait"]
    assert wait.low >= 2 * age.high
    assert 3 * wait.high < DAY


@pytest.mark.proves("PW-5")
def test_r40_the_longest_wait_of_who_is_due_is_no_longer_than_a_delay_leaves_him():
    """The hour of his epoch, and three times the longest wait: until what nobody signs stops nobody,
    then for a calm moment, and for the next mark where signers put that off."""
    assert 3 * terms.FIELDS["exit_wait"].high + HOUR <= DAY


@pytest.mark.proves("PW-1")
@pytest.mark.parametrize("name", UP + DOWN)
def test_r24_tightening_applies_at_once(guardian, roles, name):
    field = terms.FIELDS[name]
    amount = field.high if name in UP else field.low
    guardian.set_term(field.index, amount, sender=roles["owner"])
    assert tuple(guardian.words()) == terms.defaults(**{name: amount})


@pytest.mark.proves("PW-1")
@pytest.mark.parametrize("name", UP + DOWN)
def test_r24_loosening_waits_for_the_delay(guardian, roles, name):
    field = terms.FIELDS[name]
    amount = field.low if name in UP else field.high
    check_waits(guardian, roles, name, amount)


@pytest.mark.parametrize("name", NEITHER)
@pytest.mark.parametrize("end", ["low", "high"])
def test_r24_what_is_neither_tighter_nor_looser_waits_both_ways(guardian, roles, name, end):
    check_waits(guardian, roles, name, getattr(terms.FIELDS[name], end))


def check_waits(guardian: Any, roles: dict[str, str], name: str, amount: int) -> None:
    index = terms.FIELDS[name].index
    guardian.set_term(index, amount, sender=roles["owner"])
    assert tuple(guardian.words()) == terms.defaults()
    env.time_travel(seconds=DELAY - 10)
    with reverts("guardian: too early"):
        guardian.apply(index, sender=roles["owner"])
    env.time_travel(seconds=10)
    guardian.apply(index, sender=roles["owner"])
    assert tuple(guardian.words()) == terms.defaults(**{name: amount})
    with reverts("guardian: nothing queued"):
        guardian.apply(index, sender=roles["owner"])


@pytest.mark.proves("PW-1")
@pytest.mark.parametrize("name", [name for name in terms.FIELDS if name != "flags"])
def test_r24_every_field_keeps_its_bounds(guardian, roles, name):
    field = terms.FIELDS[name]
    for amount in (field.low - 1, field.high + 1, 2**16, 2**255):
        if amount >= 0:
            with reverts("guardian: out of bounds"):
                guardian.set_term(field.index, amount, sender=roles["owner"])


@pytest.mark.parametrize("index", [0, len(terms.FIELDS), 2**255])
def test_r24_flags_and_unknown_fields_are_no_terms(guardian, roles, index):
    with reverts("guardian: unknown field"):
        guardian.set_term(index, 0, sender=roles["owner"])


def test_r24_terms_are_the_owners_alone(guardian, roles):
    for name in ("guardian", "lister", "signer", "stranger"):
        for call in (
            lambda sender: guardian.set_term(7, 100, sender=sender),
            lambda sender: guardian.apply(7, sender=sender),
            lambda sender: guardian.cancel(7, sender=sender),
            lambda sender: guardian.offer_role(OWNER, sender, sender=sender),
            lambda sender: guardian.propose_price(0, 2_500 * WAD, sender=sender),
            lambda sender: guardian.withdraw_price(0, sender=sender),
            lambda sender: guardian.propose_growth(0, WAD, sender=sender),
            lambda sender: guardian.withdraw_growth(0, sender=sender),
        ):
            with reverts("guardian: not the owner"):
                call(roles[name])


def test_r24_a_queued_change_can_be_cancelled_or_lapses(guardian, roles):
    with reverts("guardian: none to cancel"):
        guardian.cancel(3, sender=roles["owner"])
    guardian.set_term(3, 40, sender=roles["owner"])
    guardian.cancel(3, sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    with reverts("guardian: nothing queued"):
        guardian.apply(3, sender=roles["owner"])
    guardian.set_term(3, 40, sender=roles["owner"])
    env.time_travel(seconds=DELAY + VALIDITY + 60)
    with reverts("guardian: lapsed"):
        guardian.apply(3, sender=roles["owner"])


def test_r24_a_new_change_starts_the_delay_again(guardian, roles):
    guardian.set_term(7, 300, sender=roles["owner"])
    env.time_travel(seconds=DELAY - 60)
    guardian.set_term(7, 1_000, sender=roles["owner"])
    env.time_travel(seconds=120)
    with reverts("guardian: too early"):
        guardian.apply(7, sender=roles["owner"])


def test_r24_a_tightening_drops_the_loosening_that_was_queued(guardian, roles):
    guardian.set_term(7, 1_000, sender=roles["owner"])
    guardian.set_term(7, 50, sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    with reverts("guardian: nothing queued"):
        guardian.apply(7, sender=roles["owner"])
    assert now(guardian)["max_trade"] == 50


def test_r24_every_change_is_logged_with_the_state_after_it(guardian, roles):
    guardian.set_term(7, 50, sender=roles["owner"])
    event = guardian.get_logs()[-1]
    assert type(event).__name__ == "TermSet"
    assert (event.field, event.before, event.amount) == (7, 200, 50)
    assert event.word == guardian.terms()
    guardian.set_term(7, 60, sender=roles["owner"])
    event = guardian.get_logs()[-1]
    assert type(event).__name__ == "TermQueued"
    assert event.ready_at == env.timestamp + DELAY


@pytest.mark.proves("PW-1")
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_r24_no_sequence_of_changes_moves_a_field_looser_within_the_delay(deployed, roles, data):
    names = [*UP, *DOWN]
    with env.anchor():
        for _ in range(data.draw(st.integers(1, 8))):
            name = data.draw(st.sampled_from(names))
            field = terms.FIELDS[name]
            amount = data.draw(st.integers(field.low, field.high))
            before = now(deployed)
            deployed.set_term(field.index, amount, sender=roles["owner"])
            env.time_travel(seconds=data.draw(st.integers(1, DELAY // 9)))
            with contextlib.suppress(Reverted):
                deployed.apply(field.index, sender=roles["owner"])
            after = now(deployed)
            changed = {key for key in after if after[key] != before[key]}
            assert changed <= {name}
            if changed:
                assert (after[name] > before[name]) == (name in UP)
