"""R27, R36: nobody wins by the moment or the order of what he does. A search says so, not a belief.

First the measure is checked: whoever does nothing that matters wins nothing, and holes that were put
into copies of the contracts are found.
"""

from __future__ import annotations

from random import Random

import pytest
from books import BOOKS, open_book
from broken import broken
from plans import KINDS, Plan, Weather, kinds_of, parse, random_plan, random_weather
from play import GAS
from search import Found, again, search

SAMPLE = 192
LONG = 4_000

# What a trader's money passes, with a quarter less taken or more given.
LEAKS = {
    "a premium of which a third is not taken": (
        "self._pull(payer, amount)\n    log IVault.Collected",
        "self._pull(payer, amount * 2 // 3)\n    log IVault.Collected",
    ),
    "a payout with half more": (
        "self._push(recipient, amount)\n    log IVault.Paid",
        "self._push(recipient, amount * 3 // 2)\n    log IVault.Paid",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize(
    ("leak", "plans"),
    [("a premium of which a third is not taken", 640), ("a payout with half more", 160)],
)
def test_r36_a_planted_hole_is_found_by_a_few_hundred_plans(leak: str, plans: int) -> None:
    with broken(("modules/money.vy", *LEAKS[leak])):
        leaking = open_book("begun")
    found = search(plans, 1, ("begun",), world=leaking)
    assert found.best[0].taken > 50
    assert {*found.best[0].done} & {"mint", "close"}


# The router without what holds a chunk to the pool's average, to its minute and to the oracle.
UNPACED = (
    (
        "HedgeRouter.vy",
        "    if room == 0 or (is_one and relieved):\n        return room, worst, 0",
        "    if spot != 0:\n        return 10**24, pacing.worst_price(buys, spot, 5_000), 10**24",
    ),
    (
        "modules/hedges.vy",
        "desk.spot * terms.fill_band(desk.terms) // 10_000",
        "desk.spot // 2",
    ),
)


@pytest.mark.long
@pytest.mark.parametrize("book", ["lent", "pledged", "pooled"])
def test_r36_a_planted_hole_is_one_where_the_hedge_stands_on_a_lender(book: str) -> None:
    """A sandwich of a rebalance, in a pool of ether: 53 to 242 USD."""
    with broken(*UNPACED):
        leaking = open_book(book)
    for jump in ("6 hours=3 | A push 110", "-6 hours=3 | A push -110"):
        plan = parse(f"{book} jump={jump}; B rebalance 0; A unwind 100")
        assert again(plan, world=leaking).taken > 50
        assert again(plan).taken < 0


@pytest.mark.long
@pytest.mark.parametrize("book", ["split", "netted"])
def test_r36_a_planted_hole_is_one_over_two_venues(book: str) -> None:
    """A pool that is pushed gets no order there, so it is another one: a payout with half more."""
    with broken(("modules/money.vy", *LEAKS["a payout with half more"])):
        leaking = open_book(book)
    plan = parse(f"{book} hours=3 | A mint C2600n 5; A close 100")
    assert again(plan, world=leaking).taken > 50
    assert again(plan).taken < 0


# Whoever stays chooses the moment at which others leave, where an expiry has no slice.
UNCALM = (
    "Vault.vy",
    "    if m.calm:\n        return max_value(uint256)",
    "    if m.calm or m.stale:\n        return max_value(uint256)",
)


@pytest.mark.long
@pytest.mark.parametrize("book", ["forsaken", "owed"])
def test_r36_a_planted_hole_is_one_beside_an_expiry_that_signers_left(book: str) -> None:
    """SH-8, as it was broken: 2 to 12 USD of 150,000 that leave after a jump. Signers come back before
    everything is counted, or what it cost to hedge once more would be nowhere."""
    with broken(UNCALM):
        leaking = open_book(book)
    for plan in map(
        parse, (f"{book} jump=6 hours=3 | A process", f"{book} jump=6 lag=-3 hours=3 | A process")
    ):
        assert again(plan, world=leaking).taken > 2
        assert again(plan).taken <= 0


@pytest.mark.long
def test_r36_a_planted_hole_is_found_where_the_hedge_stands_on_a_lender() -> None:
    """Of ten seeds nine found 20 USD or more by 1,024 plans (1 to 5, 11 to 15: all but 14), after 97 to 978
    of them, while nobody else borrowed there."""
    with broken(*UNPACED):
        leaking = open_book("lent")
    found = search(1_024, 4, ("lent",), world=leaking)
    assert found.best[0].taken > 20
    assert {"push", "rebalance"} <= {*found.best[0].done}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("book", BOOKS)
def test_acts_that_give_and_take_nothing_bring_nothing(book: str) -> None:
    """The same course with and without them: time, a mark, a wait for the oracle. A mark too: SH-8 has
    "nobody, staying or leaving, gains by who processes exits when", and the keeper begins their wait."""
    acts = parse("empty hours=3 | A poke; B wait 600; C oracle 100; A wait 1").acts
    if book == "past":
        acts = acts[1:]  # no mark before the settlement
    for weather in (Weather(), Weather(jump=3, lag=-2), Weather(jump=-6, lag=1, vol=3, hours=27)):
        idle = again(Plan(book, weather, acts))
        assert len(idle.done) == len(acts)
        assert abs(idle.profit) < 0.5, idle


def test_a_plan_is_read_as_it_is_printed() -> None:
    random = Random(5)
    for _ in range(50):
        plan = random_plan(random, random.choice([*BOOKS]), random_weather(random))
        assert parse(str(plan)) == plan


DEPOSITS = (
    "ripe jump=3 lag=-3 hours=3 | C deposit 9000000",
    "ripe jump=-6 lag=2 hours=3 | A deposit 9000000",
    "past lag=-3 vol=10 hours=3 | A settle; B deposit 9000000",
)


@pytest.mark.proves("SH-9", "SH-12")
@pytest.mark.parametrize("plan", DEPOSITS)
def test_who_deposits_beside_a_lagging_oracle_takes_nothing(plan: str) -> None:
    """SH-9: of "a gain that is certain when it begins" a stay takes nothing. The search found 1,089, 1,159
    and 1,416 USD of 9M: a residual, and an oracle 2 to 3 % behind the pool. So far apart "nobody comes"
    (SH-12); nearer to each other he pays for it."""
    found = again(parse(plan))
    assert found.net <= 0
    assert "deposit" not in found.done


NEARER = (
    "ripe jump=1 lag=-1 hours=3 | C deposit 9000000",
    "ripe jump=-1 lag=1 hours=3 | A deposit 9000000",
    "past lag=-1 vol=10 hours=3 | A settle; B deposit 9000000",
)


@pytest.mark.proves("SH-9")
@pytest.mark.parametrize("plan", NEARER)
def test_he_pays_for_a_smaller_lag(plan: str) -> None:
    """SH-9, where SH-12 lets him in."""
    found = again(parse(plan))
    assert "deposit" in found.done
    assert found.net < 0


LEAVING = (
    "calls lag=-3 hours=3 | A process",
    "full lag=-3 vol=1 hours=3 | C post; B wait 61",
    "full jump=3 lag=-1 hours=3 | C oracle 10; C rebalance 0",
)


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize("plan", LEAVING)
def test_nobody_leaves_or_is_kept_beside_an_oracle_that_lags(plan: str) -> None:
    """SH-8: a calm moment. The search found 12.75 USD of 100k, by who leaves a minute before the keeper
    looks while the venue's mark follows; 53.94 of 150k, by who stays and has him leave after the oracle; and
    2.13, by who brings home half an ETH of 22, so that the rest is inside the band a minute sooner."""
    assert again(parse(plan)).taken <= 0


BEHIND = (
    "full jump=-6 lag=-1 hours=3 | B wait 4600; B post",
    "full jump=6 hours=3 | B wait 3600; B post",
    "full jump=6 lag=-0.2 hours=3 | B wait 4900; B post",
)


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize("plan", BEHIND)
def test_nobody_leaves_by_the_pool_that_the_hedge_has_pushed(plan: str) -> None:
    """SH-8: "Where the venue trades decides whether anybody leaves, and never for how much". A surface that
    is posted early has exits processed right after the last chunk of the hedge, beside a pool that is 10 bp
    off: 1.01, 0.93 and 0.38 USD more than it cost, of 150k. What is left is no more than what money earns by
    standing there longer, and nothing of the gas of two posts."""
    assert again(parse(plan)).taken < -350_000 * GAS


KNOWN = (
    "straddles vol=10 hours=3 | A mint C2500n 80; A mint P2500n 80",
    "puts jump=-3 lag=-2 vol=-8 hours=3 | A oracle 100; B rebalance 0; B deposit 9000000",
    "straddles vol=10 hours=3 | B post",
)


@pytest.mark.parametrize("plan", KNOWN)
def test_who_knows_of_a_surface_wins_less_than_it_is_worth(plan: str) -> None:
    """134, 231 and 208 USD are won by who knows what the desk will post within three
    minutes. What he bought, or enters, or leaves by, is worth that much more: he pays the spread for it."""
    found = again(parse(plan))
    assert 0 < found.net < found.known
    blind = again(parse(plan.replace("vol=10", "vol=0").replace("vol=-8", "vol=0")))
    assert blind.known == 0
    assert blind.net <= 0


def test_the_keeper_is_there_before_who_waits_for_hours() -> None:
    """A measure whose keeper sleeps finds what no live market has: 171 USD by processing before a surface."""
    assert again(parse("calls vol=10 hours=3 | A process")).net <= 0


RARE = {
    "hunt": "full jump=6 hours=3 | A hunt 0",
    "renew": "full hours=3 | A hold 3600; A wait 600; A renew near 440",
    "stamp": "full jump=6 hours=3 | A stamp",
    "close": "begun hours=3 | A mint C2600n 5; A close 100",
    "claim": "calls hours=3 | A process; C claim",
    "settle": "past hours=3 | A settle",
    "sweep": "begun hours=3 | A sweep",
    "top_up": "puts jump=6 hours=3 | A top_up",
}


@pytest.fixture(scope="module")
def sample() -> Found:
    return search(SAMPLE, 20)


def test_every_kind_of_act_goes_through(sample: Found) -> None:
    """An act that is always refused is searched in vain."""
    assert sample.played >= SAMPLE
    assert sample.refused < SAMPLE // 4
    assert {kind for kind in KINDS if not sample.done[kind]} <= {*RARE}
    for kind, plan in RARE.items():
        assert kind in again(parse(plan)).done


ACROSS = (
    "lent hours=3 | A push 20; B make 500000; A borrow base; B gift repay; C gift lend_ether; A back",
    "pledged hours=3 | A push -20; A borrow quote; A accept; B gift lend_dollars; A back; A unwind 100",
    "split hours=3 | A push 20 0; A push -20 1; A shift 0; A note; A unwind 100 0; B make 500000 1",
    "netted hours=3 | A push 20 1; B borrow base 1; C gift repay 0; A accept 0; B back; A note",
    "pooled hours=3 | A push 20 0; A push -5 1; B make 500000 1; A borrow base; A back; A unwind 50 1",
    "stranded hours=3 | A push 20; A borrow base; B outage 7200 -3; A back; C outage 1800 1; A unwind 100",
)


@pytest.mark.parametrize("plan", ACROSS)
def test_every_kind_of_act_goes_through_where_somebody_lends(plan: str) -> None:
    played = parse(plan)
    assert {act.kind for act in played.acts} <= {*kinds_of(played.book)}
    assert again(played).done == tuple(act.kind for act in played.acts)


def test_what_was_found_is_found_again_by_itself(sample: Found) -> None:
    for found in sample.best[:5]:
        assert again(found.plan) == found


def test_the_same_seed_gives_the_same_plans() -> None:
    first, second = (search(32, 3, ("begun",)).best for _ in range(2))
    assert first == second
    assert isinstance(first[0].plan, Plan)


@pytest.mark.long
@pytest.mark.proves("SH-8", "SH-9")
def test_no_plan_profits() -> None:
    """R36: "has no act whose best moment somebody else pays for, found by search and not by belief"."""
    found = search(LONG, 2_026)
    assert found.profits == []


@pytest.mark.long
def test_no_plan_profits_where_somebody_lends() -> None:
    """R36, on lending markets and over two venues."""
    found = search(LONG, 2_027, tuple(book for book in BOOKS if BOOKS[book].venue != "curie"))
    assert found.profits == []
