"""A hedge goes where it is cheaper to hold once that has lasted for as long as takes to pay for the way."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from tandem.protocol.shifts import Cheaper, Holder, Why, candidates
from tandem.units import DAY, HOUR, MINUTE, WAD

A, B = "0x" + "a" * 40, "0x" + "b" * 40
FEE = WAD // 2_000
"""Of each: moving costs a thousandth."""
EXPECTED = 240
"""Hours for which a hedge is expected to be held."""


def holders(at: str, dearer: float, sign: int = 1) -> list[Holder]:
    """Ten ETH at one of two. dearer: by how much of it a day the first is, share."""
    rate = int(dearer * WAD)
    held = [Holder(A, 0, rate, -rate, FEE), Holder(B, 0, 0, 0, FEE)]
    return [replace(one, position=sign * 10 * WAD if one.address == at else 0) for one in held]


def kept(rates: Sequence[float], *, believes: bool) -> tuple[list[int], float]:
    """Hours in which a keeper moves it that looks each hour, and what holding and moving take, share of the
    hedge. rates: how much dearer the first is, by hour. believes: whether those of now, for all the time."""
    at, cheaper, moves, paid = A, Cheaper(), list[int](), 0.0
    for hour, rate in enumerate(rates):
        held = holders(at, rate)
        cheaper.look(held, hour * HOUR)
        for _, target, why in candidates(
            held, WAD, EXPECTED, cheaper=None if believes else cheaper
        ):
            assert why is Why.CARRY
            at, paid = target.address, paid + 2 * FEE / WAD
            moves.append(hour)
        paid += rate / 24 if at == A else 0.0
    return moves, paid


def test_rates_that_take_turns_move_nothing() -> None:
    """Every two hours the other is cheaper by a thousandth a day, which would pay in a day."""
    turns = [0.001 if hour // 2 % 2 == 0 else -0.001 for hour in range(EXPECTED)]
    assert len(kept(turns, believes=True)[0]) == EXPECTED // 2
    assert kept(turns, believes=False)[0] == []


@pytest.mark.parametrize("rate", [0.0002, 0.001, 0.01, 0.2])
def test_what_lasts_moves_it_once_it_has_paid_for_the_way(rate: float) -> None:
    """By which time as much was lost by waiting as moving costs: twice the price of who had known."""
    (moved,), _ = kept([rate] * 300, believes=False)
    assert moved == pytest.approx(0.001 / rate * 24, abs=1.01)
    assert (
        kept([0.0001] * 300, believes=False)[0] == []
    )  # nor would it pay in all of the expected time


def noise(hours: float, days: int) -> list[float]:
    """Rates around nothing, 0.05 % a day, that are forgotten after so many hours."""
    chance, rate, found = random.Random(int(hours)), 0.0, list[float]()
    for _ in range(24 * days):
        rate += -rate / hours + 0.0005 * (2 / hours) ** 0.5 * chance.gauss(0, 1)
        found.append(rate)
    return found


@pytest.mark.parametrize(
    ("hours", "better"), [(1, 10.0), (4, 3.5), (24, 0.8), (240, 0.05), (1_000, 0.01)]
)
def test_over_noise_of_any_length_it_pays_less_than_who_believes_each_rate(
    hours: int, better: float
) -> None:
    """A thousand days of each. better: by how much at the least, share of the hedge."""
    rates = noise(hours, 1_000)
    moves, paid = kept(rates, believes=True)
    fewer, less = kept(rates, believes=False)
    assert len(fewer) < len(moves)
    assert less < paid - better
    assert less < sum(rates) / 24 + 0.05  # and hardly more than who never moves


def test_what_margin_carries_no_more_goes_at_once() -> None:
    held, cheaper = holders(A, 0.0), Cheaper()
    cheaper.look(held, 0)
    found = list(candidates(held, WAD, EXPECTED, cheaper=cheaper, lacks_margin=True))
    assert [why for *_, why in found] == [Why.MARGIN]
    against = [replace(holders(A, 0.0)[0]), replace(held[1], position=-WAD)]
    found = list(candidates(against, WAD, EXPECTED, cheaper=cheaper))
    assert [why for *_, why in found] == [Why.AGAINST]


def shorts(dearer: float) -> list[Holder]:
    return holders(A, dearer, sign=-1)


def longs(dearer: float) -> list[Holder]:
    return holders(A, dearer)


@pytest.mark.parametrize(("held", "sign"), [(longs, 1), (shorts, -1)])
def test_each_sign_is_watched_by_itself_and_to_the_second(
    held: Callable[[float], list[Holder]], sign: int
) -> None:
    """Rates are of a day: one that pays the fees in six hours does so from six hours on."""
    rate = sign * 2 * FEE / WAD * DAY / (6 * HOUR)
    for seconds, moves in ((6 * HOUR - 60, 0), (6 * HOUR + 60, 1)):
        cheaper = Cheaper()
        for now in (*range(0, seconds, MINUTE), seconds):
            cheaper.look(held(rate), now)
        assert len(list(candidates(held(rate), WAD, EXPECTED, cheaper=cheaper))) == moves
        assert not list(candidates(held(-rate), WAD, EXPECTED, cheaper=cheaper))


def test_what_nobody_looked_at_is_not_known() -> None:
    """Of a process that slept nothing counts; a look at which one did not answer costs nothing; a rate that
    turned begins anew."""
    cheaper, there, an_hour = Cheaper(), holders(A, 0.01), WAD / 100 / 24
    for now in range(0, 5 * HOUR, MINUTE):
        cheaper.look(there if now % HOUR else there[:1], now)
    assert cheaper.saved(*there) == pytest.approx(5 * an_hour, rel=0.01)
    cheaper.look(there, 9 * HOUR)
    assert cheaper.saved(*there) == pytest.approx(5 * an_hour, rel=0.01)
    cheaper.look(there, 10 * HOUR)
    assert cheaper.saved(*there) == pytest.approx(6 * an_hour, rel=0.01)
    cheaper.look(holders(A, 0.0), 10 * HOUR + MINUTE)
    cheaper.look(there, 10 * HOUR + 2 * MINUTE)
    assert cheaper.saved(*there) == pytest.approx(an_hour / 60, rel=0.01)


def test_a_bias_of_nothing_prepares_no_move() -> None:
    """Ten days of a billionth, and then an hour of two thousandths a day, by turns: 20 moves in 200 days."""
    turns = [sign * rate for sign in (1, -1) * 10 for rate in [1e-9] * 239 + [0.002]]
    assert kept(turns, believes=False)[0] == []
