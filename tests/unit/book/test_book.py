"""modules/book: the sums that the floor stands on, packed, against plain numbers."""

from __future__ import annotations

import random

import pytest
from harnesses import harness

from keeper.engine import open_engine
from keeper.engine.base import BaseEngine, Contract
from keeper.errors import Reverted
from keeper.protocol.series import DAY, EXPIRY_HOUR

MOST_UNITS = 2**64 - 1
MOST_TOKENS = 2**88 - 1
PRICE = 2**96 - 1
SLOTS = 8


@pytest.fixture
def engine() -> BaseEngine:
    return open_engine("pyrevm")


@pytest.fixture
def book(engine: BaseEngine) -> Contract:
    return engine.deploy(harness("unit/book/BookHarness.vy"))


def days(engine: BaseEngine, count: int) -> list[int]:
    """The next expiries from a while ahead."""
    first = engine.now() // DAY + 10
    return [(first + i) * DAY + EXPIRY_HOUR for i in range(count)]


def send(book: Contract, fn: str, *args: int) -> int:
    return book.send(fn, *args, sender=book.engine.accounts[0]).returned


def refuses(reason: str, book: Contract, fn: str, *args: int) -> None:
    with pytest.raises(Reverted) as caught:
        send(book, fn, *args)
    assert caught.value.reason == reason


@pytest.mark.parametrize("seed", range(6))
def test_the_words_hold_what_plain_numbers_do(
    engine: BaseEngine, book: Contract, seed: int
) -> None:
    rng = random.Random(seed)
    expiries = days(engine, SLOTS)
    sums: dict[int, tuple[int, int]] = dict.fromkeys(expiries, (0, 0))
    prices: dict[int, int] = {}
    claims, most = 0, 0
    for expiry in expiries:
        send(book, "open", expiry)
    for _ in range(150):
        expiry = rng.choice(expiries)
        act = rng.random()
        if expiry in prices or act < 0.08:
            amount = rng.choice([claims, rng.randrange(claims + 1)])
            send(book, "paid", amount)
            claims -= amount
        elif act < 0.13:
            prices[expiry] = rng.choice([1, PRICE, rng.randrange(1, PRICE)])
            payouts = rng.randrange(2**84)
            send(book, "settle", expiry, prices[expiry], payouts)
            sums[expiry] = (0, 0)
            claims += payouts
            most = max(most, claims)
        else:
            units = rng.choice([0, rng.randrange(2**60)])
            maximum = rng.choice([0, rng.randrange(2**84)])
            send(book, "set_sums", expiry, maximum, units - sums[expiry][0])
            sums[expiry] = (units, maximum)
        gross, maxima, owing, owed, open_slots = book.call("totals")
        assert (gross, maxima) == tuple(map(sum, zip(*sums.values(), strict=True)))
        assert (owing, owed) == (claims, claims + maxima)
        assert sorted(filter(None, open_slots)) == sorted(e for e in sums if sums[e][0])
        assert book.call("listed") == sum(1 << i for i in range(SLOTS) if expiries[i] not in prices)
        for e in expiries:
            assert tuple(book.call("of", e)) == (*sums[e], prices.get(e, 0))
    assert len(prices) > 1
    assert most > 0


def test_each_field_holds_its_most_and_not_one_more(engine: BaseEngine, book: Contract) -> None:
    one, other = days(engine, 2)
    for expiry in (one, other):
        send(book, "open", expiry)
    refuses("book: too large", book, "set_sums", one, 0, MOST_UNITS + 1)
    refuses("book: too large", book, "set_sums", one, MOST_TOKENS + 1, 1)
    send(book, "set_sums", one, MOST_TOKENS, MOST_UNITS)
    refuses("book: too large", book, "set_sums", other, 1, 0)
    refuses("book: too large", book, "set_sums", other, 0, 1)
    send(book, "settle", other, PRICE, MOST_TOKENS)
    assert tuple(book.call("of", one)) == (MOST_UNITS, MOST_TOKENS, 0)
    assert tuple(book.call("of", other)) == (0, 0, PRICE)
    assert book.call("totals")[:4] == (MOST_UNITS, MOST_TOKENS, MOST_TOKENS, 2 * MOST_TOKENS)
    assert book.call("slot", one) == 0
    refuses("book: claims too large", book, "settle", one, 1, 1)
    send(book, "paid", MOST_TOKENS)
    refuses("book: paid over claims", book, "paid", 1)
    assert book.call("totals")[:4] == (MOST_UNITS, MOST_TOKENS, 0, MOST_TOKENS)


def test_a_settled_expiry_is_not_listed_and_its_slot_is_free(
    engine: BaseEngine, book: Contract
) -> None:
    expiries = days(engine, SLOTS + 1)
    for place, expiry in enumerate(expiries[:SLOTS]):
        assert send(book, "open", expiry) == place
        assert send(book, "open", expiry) == place
    refuses("book: no free slot", book, "open", expiries[SLOTS])
    send(book, "set_sums", expiries[3], 5, 7)
    send(book, "settle", expiries[3], 11, 2)
    with pytest.raises(Reverted, match="book: expiry not listed"):
        book.call("slot", expiries[3])
    assert send(book, "open", expiries[SLOTS]) == 3
    assert tuple(book.call("of", expiries[3])) == (0, 0, 11)


def test_a_slot_past_and_empty_is_taken_and_one_with_units_is_not(
    engine: BaseEngine, book: Contract
) -> None:
    expiries = days(engine, SLOTS + 2)
    for expiry in expiries[:SLOTS]:
        send(book, "open", expiry)
    send(book, "set_sums", expiries[0], 0, 1)
    engine.set_time(expiries[1] + 1)
    assert send(book, "open", expiries[SLOTS]) == 1
    assert tuple(book.call("of", expiries[0])) == (1, 0, 0)
    with pytest.raises(Reverted, match="book: expiry not listed"):
        book.call("slot", expiries[1])
    refuses("book: no free slot", book, "open", expiries[SLOTS + 1])
