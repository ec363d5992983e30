"""modules/book: the sums that the floor stands on, packed, against plain numbers."""

from __future__ import annotations

import random

import pytest
from harnesses import harness

from tandem.engine import open_engine
from tandem.engine.backend import BaseEngine
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol.series import EXPIRY_HOUR
from tandem.units import DAY

MOST_UNITS = 2**48 - 1
MOST_MAXIMUM = 2**60 - 1
MOST_CLAIMS = 2**64 - 1
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
    claims, opened = 0, 0
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
            payouts = rng.randrange(2**60)
            send(book, "settle", expiry, prices[expiry], payouts)
            sums[expiry] = (0, 0)
            claims += payouts
        else:
            units = rng.choice([0, MOST_UNITS, rng.randrange(2**48)])
            maximum = rng.choice([0, MOST_MAXIMUM, rng.randrange(2**60)])
            send(book, "set_sums", expiry, maximum, units)
            opened += max(units - sums[expiry][0], 0)
            sums[expiry] = (units, maximum)
        gross, maxima, owing, owed, open_slots, ever = book.call("totals")
        assert (gross, maxima) == tuple(map(sum, zip(*sums.values(), strict=True)))
        assert (owing, owed, ever) == (claims, claims + maxima, opened)
        assert open_slots == sum(1 << i for i in range(SLOTS) if sums[expiries[i]][0])
        assert book.call("listed") == sum(1 << i for i in range(SLOTS) if expiries[i] not in prices)
        for slot, e in enumerate(expiries):
            assert book.call("settlement", e) == prices.get(e, 0)
            held = (0, 0, 0) if e in prices else (e, *sums[e])
            assert tuple(book.call("of", slot)) == held
    assert len(prices) > 1


def test_each_field_holds_its_most_and_not_one_more(engine: BaseEngine, book: Contract) -> None:
    expiries = days(engine, SLOTS)
    for expiry in expiries:
        send(book, "open", expiry)
        send(book, "set_sums", expiry, MOST_MAXIMUM, MOST_UNITS)
    refuses("book: too large", book, "set_sums", expiries[0], 0, MOST_UNITS + 1)
    refuses("book: too large", book, "set_sums", expiries[0], MOST_MAXIMUM + 1, 1)
    gross, maxima = SLOTS * MOST_UNITS, SLOTS * MOST_MAXIMUM
    assert book.call("totals")[:4] == (gross, maxima, 0, maxima)
    send(book, "settle", expiries[1], PRICE, MOST_CLAIMS)
    assert book.call("settlement", expiries[1]) == PRICE
    gross, maxima = gross - MOST_UNITS, maxima - MOST_MAXIMUM
    assert book.call("totals")[:4] == (gross, maxima, MOST_CLAIMS, MOST_CLAIMS + maxima)
    refuses("book: claims too large", book, "settle", expiries[0], 1, 1)
    send(book, "paid", MOST_CLAIMS)
    refuses("book: paid over claims", book, "paid", 1)
    assert book.call("totals")[:4] == (gross, maxima, 0, maxima)


def test_the_open_book_is_what_has_units_and_the_expiry_asked_for(
    engine: BaseEngine, book: Contract
) -> None:
    rng = random.Random(7)
    expiries = days(engine, SLOTS)
    kept: dict[int, tuple[int, tuple[int, ...]]] = {}
    for slot, expiry in enumerate(expiries):
        send(book, "open", expiry)
        count = (0, 1, 4, 5, 8, 9, 13, 16)[slot]
        header = count | expiry << 8 | (slot % 3 != 1) << 40
        nodes = tuple(rng.getrandbits(256) if 4 * i < count else 0 for i in range(4))
        book.send("set_words", slot, (header, nodes), sender=engine.accounts[0])
        kept[slot] = (header, nodes)
    assert all(book.call("words", slot) == words for slot, words in kept.items())
    for asked, place in ((0, SLOTS), (expiries[4], 4), (expiries[5], 5)):
        totals, rows, own = book.call("open_book", asked)
        assert own == place
        assert totals & 255 == 255
        for slot, (header, nodes) in kept.items():
            shown = slot % 3 != 1 or slot == place
            assert rows[slot] == ((header, 0, *nodes) if shown else (0,) * 6)
    with pytest.raises(Reverted, match="book: expiry not listed"):
        book.call("open_book", expiries[0] + 1)
    assert all(book.call("stored", 7)[1])
    book.send("settle", expiries[7], 1, 0, sender=engine.accounts[0])
    assert book.call("stored", 7) == (0, (0,) * 4)
    with pytest.raises(Reverted, match="book: expiry not listed"):
        book.call("slot", 0)
    assert send(book, "open", expiries[7] + DAY) == 7
    assert book.call("words", 7) == ((expiries[7] + DAY) << 8, (0,) * 4)


def test_a_settled_expiry_is_not_listed_and_its_slot_is_free(
    engine: BaseEngine, book: Contract
) -> None:
    expiries = days(engine, SLOTS + 1)
    for place, expiry in enumerate(expiries[:SLOTS]):
        assert send(book, "open", expiry) == place
        assert send(book, "open", expiry) == place
    refuses("book: no free slot", book, "open", expiries[SLOTS])
    send(book, "set_sums", expiries[3], 5, 7)
    assert tuple(book.call("of", 3)) == (expiries[3], 7, 5)
    send(book, "settle", expiries[3], 11, 2)
    with pytest.raises(Reverted, match="book: expiry not listed"):
        book.call("slot", expiries[3])
    assert send(book, "open", expiries[SLOTS]) == 3
    assert book.call("settlement", expiries[3]) == 11
    assert tuple(book.call("of", 3)) == (expiries[SLOTS], 0, 0)


def test_a_slot_past_and_empty_is_taken_and_one_with_units_is_not(
    engine: BaseEngine, book: Contract
) -> None:
    expiries = days(engine, SLOTS + 2)
    for expiry in expiries[:SLOTS]:
        send(book, "open", expiry)
    send(book, "set_sums", expiries[0], 0, 1)
    listed = (16 | expiries[1] << 8, (2**255,) * 4)  # strikes, and nothing sold on them
    book.send("set_words", 1, listed, sender=engine.accounts[0])
    engine.set_time(expiries[1] - 2)  # a transaction runs a second later
    refuses("book: no free slot", book, "open", expiries[SLOTS])
    engine.set_time(expiries[1] - 1)
    assert send(book, "open", expiries[SLOTS]) == 1
    assert book.call("stored", 1) == (expiries[SLOTS] << 8, (0,) * 4)
    assert tuple(book.call("of", 0)) == (expiries[0], 1, 0)
    with pytest.raises(Reverted, match="book: expiry not listed"):
        book.call("slot", expiries[1])
    refuses("book: no free slot", book, "open", expiries[SLOTS + 1])
