"""Guardian: what is safer applies at once, everything else waits in public (R24)."""

from __future__ import annotations

import contextlib
import functools
from typing import Any

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keeper.protocol import terms

DAY = 86_400
DELAY = 2 * DAY
VALIDITY = 14 * DAY
WAD = 10**18
NOBODY = "0x" + "00" * 20
OWNER, GUARDIAN, LISTER, SIGNER = range(4)

# Which way is tighter, field by field, as the documentation has it.
UP = ("spread_slope", "surface_window")
DOWN = ("max_trade", "gamma_cap", "vega_cap", "surface_age", "surface_move", "call_cap")
NEITHER = (
    "half_spread", "fee", "capital_charge", "fill_band", "reserve", "hedge_cost", "risk_aversion",
)  # fmt: skip


@pytest.fixture(scope="module")
def roles() -> dict[str, str]:
    names = ("owner", "guardian", "second", "lister", "signer", "stranger")
    return {name: boa.env.generate_address(name) for name in names}


@functools.cache
def deployer() -> Any:
    return boa.load_partial("contracts/Guardian.vy")


def load(roles: dict[str, str], **changes: Any) -> Any:
    arguments = {
        "owner": roles["owner"],
        "guardians": [roles["guardian"], roles["second"]],
        "listers": [roles["lister"]],
        "signers": [roles["signer"]],
        "delay": DELAY,
        "initial": terms.defaults(),
        "lowest": terms.lowest(),
        "highest": terms.highest(),
    } | changes
    return deployer().deploy(*arguments.values())


@pytest.fixture(scope="module")
def deployed(roles: dict[str, str]) -> Any:
    return load(roles)


@pytest.fixture
def guardian(deployed: Any) -> Any:
    with boa.env.anchor():
        yield deployed


def now(contract: Any) -> dict[str, int]:
    return terms.unpack(contract.terms())


# ---------------------------------------------------------------- construction


def test_r20_terms_bounds_and_roles_are_read_from_the_chain_alone(guardian, roles):
    assert guardian.terms() == terms.defaults()
    for field in terms.FIELDS.values():
        if field.index == 0:
            continue
        value, low, high, up, down = guardian.term(field.index)
        assert (value, low, high) == (field.default, field.low, field.high)
        assert not (up and down)
    assert guardian.owner() == roles["owner"]
    assert guardian.members(GUARDIAN) == [roles["guardian"], roles["second"]]
    assert guardian.members(LISTER) == [roles["lister"]]
    assert guardian.members(SIGNER) == [roles["signer"]]


@pytest.mark.parametrize("delay", [0, DAY - 1, 30 * DAY + 1])
def test_r24_the_delay_itself_is_bounded(roles, delay):
    with boa.reverts("guardian: delay bounds"):
        load(roles, delay=delay)


@pytest.mark.parametrize("name", [name for name in terms.FIELDS if name != "flags"])
def test_r24_a_deployment_out_of_bounds_reverts(roles, name):
    field = terms.FIELDS[name]
    place = 16 * field.index
    for amount in (field.low - 1, field.high + 1):
        if amount < 0:
            continue
        word = (terms.defaults() & ~(0xFFFF << place)) | (amount << place)
        with boa.reverts("guardian: out of bounds"):
            load(roles, initial=word)


def test_an_unknown_flag_reverts(roles):
    with boa.reverts("guardian: unknown flag"):
        load(roles, initial=terms.defaults() | 2)


def test_a_role_is_not_given_to_nobody_or_twice(roles):
    with boa.reverts("guardian: nobody"):
        load(roles, owner=NOBODY)
    with boa.reverts("guardian: has the role"):
        load(roles, guardians=[roles["guardian"]] * 2)


# ---------------------------------------------------------------- pause


def test_r24_a_guardian_pauses_at_once_and_nobody_else(guardian, roles):
    for name in ("owner", "lister", "signer", "stranger"):
        with boa.reverts("guardian: not a guardian"):
            guardian.pause(sender=roles[name])
    guardian.pause(sender=roles["second"])
    assert guardian.terms() == terms.defaults(flags=1)


def test_r24_the_pause_ends_by_the_owner_after_the_delay(guardian, roles):
    guardian.pause(sender=roles["guardian"])
    with boa.reverts("guardian: not the owner"):
        guardian.unpause(sender=roles["guardian"])
    guardian.unpause(sender=roles["owner"])
    assert now(guardian)["flags"] == 1
    boa.env.time_travel(seconds=DELAY - 10)
    with boa.reverts("guardian: too early"):
        guardian.apply(0, sender=roles["owner"])
    boa.env.time_travel(seconds=10)
    guardian.apply(0, sender=roles["owner"])
    assert guardian.terms() == terms.defaults()


def test_r24_a_second_pause_drops_the_queued_unpause(guardian, roles):
    guardian.pause(sender=roles["guardian"])
    guardian.unpause(sender=roles["owner"])
    guardian.pause(sender=roles["second"])
    boa.env.time_travel(seconds=DELAY)
    with boa.reverts("guardian: nothing queued"):
        guardian.apply(0, sender=roles["owner"])


def test_only_a_pause_can_be_ended(guardian, roles):
    with boa.reverts("guardian: not paused"):
        guardian.unpause(sender=roles["owner"])


# ---------------------------------------------------------------- terms


def test_every_field_has_its_direction_in_the_table():
    assert {*UP, *DOWN, *NEITHER, "flags"} == set(terms.FIELDS)


@pytest.mark.parametrize("name", UP + DOWN)
def test_r24_tightening_applies_at_once(guardian, roles, name):
    field = terms.FIELDS[name]
    amount = field.high if name in UP else field.low
    guardian.set_term(field.index, amount, sender=roles["owner"])
    assert guardian.terms() == terms.defaults(**{name: amount})


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
    assert guardian.terms() == terms.defaults()
    boa.env.time_travel(seconds=DELAY - 10)
    with boa.reverts("guardian: too early"):
        guardian.apply(index, sender=roles["owner"])
    boa.env.time_travel(seconds=10)
    guardian.apply(index, sender=roles["owner"])
    assert guardian.terms() == terms.defaults(**{name: amount})
    with boa.reverts("guardian: nothing queued"):
        guardian.apply(index, sender=roles["owner"])


@pytest.mark.parametrize("name", [name for name in terms.FIELDS if name != "flags"])
def test_r24_every_field_keeps_its_bounds(guardian, roles, name):
    field = terms.FIELDS[name]
    for amount in (field.low - 1, field.high + 1, 2**16, 2**255):
        if amount >= 0:
            with boa.reverts("guardian: out of bounds"):
                guardian.set_term(field.index, amount, sender=roles["owner"])


@pytest.mark.parametrize("index", [0, 16, 2**255])
def test_r24_flags_and_unknown_fields_are_no_terms(guardian, roles, index):
    with boa.reverts("guardian: unknown field"):
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
        ):
            with boa.reverts("guardian: not the owner"):
                call(roles[name])


def test_r24_a_queued_change_can_be_cancelled_or_lapses(guardian, roles):
    with boa.reverts("guardian: none to cancel"):
        guardian.cancel(3, sender=roles["owner"])
    guardian.set_term(3, 40, sender=roles["owner"])
    guardian.cancel(3, sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY)
    with boa.reverts("guardian: nothing queued"):
        guardian.apply(3, sender=roles["owner"])
    guardian.set_term(3, 40, sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY + VALIDITY + 60)
    with boa.reverts("guardian: lapsed"):
        guardian.apply(3, sender=roles["owner"])


def test_r24_a_new_change_starts_the_delay_again(guardian, roles):
    guardian.set_term(7, 300, sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY - 60)
    guardian.set_term(7, 1_000, sender=roles["owner"])
    boa.env.time_travel(seconds=120)
    with boa.reverts("guardian: too early"):
        guardian.apply(7, sender=roles["owner"])


def test_r24_a_tightening_drops_the_loosening_that_was_queued(guardian, roles):
    guardian.set_term(7, 1_000, sender=roles["owner"])
    guardian.set_term(7, 50, sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY)
    with boa.reverts("guardian: nothing queued"):
        guardian.apply(7, sender=roles["owner"])
    assert now(guardian)["max_trade"] == 50


def test_r24_every_change_is_logged_with_the_state_after_it(guardian, roles):
    guardian.set_term(7, 50, sender=roles["owner"])
    event = guardian.get_logs()[-1]
    assert type(event).__name__ == "TermSet"
    assert (event.field, event.before, event.amount) == (7, 200, 50)
    assert event.terms == guardian.terms()
    guardian.set_term(7, 60, sender=roles["owner"])
    event = guardian.get_logs()[-1]
    assert type(event).__name__ == "TermQueued"
    assert event.ready_at == boa.env.timestamp + DELAY


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_r24_no_sequence_of_changes_moves_a_field_looser_within_the_delay(deployed, roles, data):
    names = [*UP, *DOWN]
    with boa.env.anchor():
        for _ in range(data.draw(st.integers(1, 8))):
            name = data.draw(st.sampled_from(names))
            field = terms.FIELDS[name]
            amount = data.draw(st.integers(field.low, field.high))
            before = now(deployed)
            deployed.set_term(field.index, amount, sender=roles["owner"])
            boa.env.time_travel(seconds=data.draw(st.integers(1, DELAY // 9)))
            with contextlib.suppress(boa.BoaError):
                deployed.apply(field.index, sender=roles["owner"])
            after = now(deployed)
            changed = {key for key in after if after[key] != before[key]}
            assert changed <= {name}
            if changed:
                assert (after[name] > before[name]) == (name in UP)


# ---------------------------------------------------------------- a price of last resort


@pytest.fixture
def past() -> int:
    """An expiry that nobody has priced."""
    return boa.env.timestamp - DAY


def test_st7_a_proposed_price_counts_from_the_end_of_its_delay_and_lapses(guardian, roles, past):
    with boa.reverts("guardian: nothing proposed"):
        guardian.proposed_price(past)
    guardian.propose_price(past, 2_500 * WAD, sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY - 10)
    with boa.reverts("guardian: too early"):
        guardian.proposed_price(past)
    boa.env.time_travel(seconds=10)
    assert guardian.proposed_price(past) == 2_500 * WAD
    with boa.reverts("guardian: nothing proposed"):
        guardian.proposed_price(past - DAY)
    boa.env.time_travel(seconds=VALIDITY)
    assert guardian.proposed_price(past) == 2_500 * WAD
    boa.env.time_travel(seconds=10)
    with boa.reverts("guardian: lapsed"):
        guardian.proposed_price(past)


def test_st7_no_price_is_proposed_before_anybody_knows_it(guardian, roles):
    with boa.reverts("guardian: not expired"):
        guardian.propose_price(boa.env.timestamp + 60, 2_500 * WAD, sender=roles["owner"])


def test_st7_a_new_proposal_starts_the_delay_again(guardian, roles, past):
    guardian.propose_price(past, 2_500 * WAD, sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY)
    guardian.propose_price(past, 2_600 * WAD, sender=roles["owner"])
    with boa.reverts("guardian: too early"):
        guardian.proposed_price(past)
    boa.env.time_travel(seconds=DELAY)
    assert guardian.proposed_price(past) == 2_600 * WAD


@pytest.mark.parametrize("wait", [0, DELAY])
def test_st7_a_proposal_is_withdrawn_while_it_waits_and_afterwards(guardian, roles, past, wait):
    with boa.reverts("guardian: none to withdraw"):
        guardian.withdraw_price(past, sender=roles["owner"])
    guardian.propose_price(past, 2_500 * WAD, sender=roles["owner"])
    boa.env.time_travel(seconds=wait)
    guardian.withdraw_price(past, sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY)
    with boa.reverts("guardian: nothing proposed"):
        guardian.proposed_price(past)


def test_st7_what_is_proposed_and_withdrawn_is_public(guardian, roles, past):
    guardian.propose_price(past, 2_500 * WAD, sender=roles["owner"])
    event = guardian.get_logs()[-1]
    assert type(event).__name__ == "PriceProposed"
    ready_at = boa.env.timestamp + DELAY
    assert (event.expiry, event.price, event.ready_at) == (past, 2_500 * WAD, ready_at)
    assert guardian.proposals(past) == (2_500 * WAD, ready_at)
    guardian.withdraw_price(past, sender=roles["owner"])
    event = guardian.get_logs()[-1]
    assert type(event).__name__ == "PriceWithdrawn"
    assert (event.expiry, event.price) == (past, 2_500 * WAD)


# ---------------------------------------------------------------- roles


@pytest.mark.parametrize("role", [GUARDIAN, LISTER, SIGNER])
def test_r24_a_role_moves_in_two_steps_after_the_delay(guardian, roles, role):
    stranger = roles["stranger"]
    guardian.offer_role(role, stranger, sender=roles["owner"])
    with boa.reverts("guardian: too early"):
        guardian.accept_role(role, sender=stranger)
    boa.env.time_travel(seconds=DELAY)
    with boa.reverts("guardian: not offered"):
        guardian.accept_role(role, sender=roles["owner"])
    assert not guardian.has_role(role, stranger)
    guardian.accept_role(role, sender=stranger)
    assert guardian.has_role(role, stranger)
    assert guardian.is_lister(stranger) == (role == LISTER)
    assert guardian.is_signer(stranger) == (role == SIGNER)
    with boa.reverts("guardian: not offered"):
        guardian.accept_role(role, sender=stranger)


def test_r24_the_ownership_passes_on_and_the_old_owner_keeps_nothing(guardian, roles):
    guardian.offer_role(OWNER, roles["stranger"], sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY)
    guardian.accept_role(OWNER, sender=roles["stranger"])
    assert guardian.owner() == roles["stranger"]
    assert guardian.members(OWNER) == [roles["stranger"]]
    with boa.reverts("guardian: not the owner"):
        guardian.set_term(7, 100, sender=roles["owner"])
    guardian.set_term(7, 100, sender=roles["stranger"])


def test_r24_a_role_is_taken_at_once_but_never_the_ownership(guardian, roles):
    guardian.revoke_role(GUARDIAN, roles["guardian"], sender=roles["owner"])
    with boa.reverts("guardian: not a guardian"):
        guardian.pause(sender=roles["guardian"])
    assert guardian.members(GUARDIAN) == [roles["second"]]
    with boa.reverts("guardian: lacks the role"):
        guardian.revoke_role(GUARDIAN, roles["guardian"], sender=roles["owner"])
    with boa.reverts("guardian: owner stays"):
        guardian.revoke_role(OWNER, roles["owner"], sender=roles["owner"])
    with boa.reverts("guardian: not the owner"):
        guardian.revoke_role(GUARDIAN, roles["second"], sender=roles["stranger"])


def test_a_holder_may_give_up_his_own_role(guardian, roles):
    guardian.revoke_role(SIGNER, roles["signer"], sender=roles["signer"])
    assert not guardian.is_signer(roles["signer"])


def test_r24_an_offer_is_withdrawn_by_offering_nobody(guardian, roles):
    guardian.offer_role(SIGNER, roles["stranger"], sender=roles["owner"])
    guardian.offer_role(SIGNER, NOBODY, sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY)
    with boa.reverts("guardian: not offered"):
        guardian.accept_role(SIGNER, sender=roles["stranger"])
    with boa.reverts("guardian: unknown role"):
        guardian.offer_role(4, roles["stranger"], sender=roles["owner"])


def test_a_role_holds_sixteen_at_most(guardian, roles):
    full = load(roles, listers=[boa.env.generate_address() for _ in range(16)])
    full.offer_role(LISTER, roles["stranger"], sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY)
    with boa.reverts("guardian: role is full"):
        full.accept_role(LISTER, sender=roles["stranger"])
