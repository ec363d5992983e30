"""SF-3, SH-2, SH-11: who comes beside a slice that is ahead of its limit pays by the worse of the two.

k signers may sign one that is far below what stands: it stands not, and high NAV takes it all the same.
Whoever names the least shares that he takes is not had by it; who names none pays those who are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from test_whose_moment import THIEF, filled
from worlds import USD, WINDOW, World

AMOUNT = 5_000_000 * USD


@pytest.fixture(scope="module")
def book_once() -> World:
    """A million, and 160 options."""
    w = filled(1_000_000 * USD, 0, 160)
    w.engine.advance(300)
    w.freshen()
    w.tandem.give(w.engine.accounts[THIEF], 2 * AMOUNT)
    w.curie.usdc.send("approve", w.tandem.vault, 2 * AMOUNT, sender=w.engine.accounts[THIEF])
    return w


@pytest.fixture
def book(book_once: World) -> Iterator[World]:
    with book_once.undone():
        yield book_once


def ahead(w: World) -> None:
    """Signers say that variance is less by 0.1 than a moment ago."""
    w.tandem.post({w.far: replace(w.slices[w.far], a=w.slices[w.far].a - 0.1)})
    assert any(each[1] != each[3] for each in w.tandem.surface.call("slices"))


def has(w: World) -> int:
    """What who came has, once signers say again what they said before."""
    w.engine.advance(WINDOW)
    w.post()
    w.engine.advance(WINDOW)
    w.freshen()
    vault = w.tandem.vault
    shares = int(vault.call("balanceOf", w.engine.accounts[THIEF]))
    return shares * int(vault.call("low_nav")) // int(vault.call("totalSupply"))


@pytest.mark.proves("SH-11")
def test_who_names_the_least_shares_pays_nobody_for_it(book: World) -> None:
    w, vault, who = book, book.tandem.vault, book.engine.accounts[THIEF]
    least = int(vault.call("previewDeposit", AMOUNT)) * 9_999 // 10_000
    ahead(w)
    with w.refuses("vault: shares under min"):
        vault.send("deposit", AMOUNT, who, least, sender=who)


@pytest.mark.proves("SH-2")
def test_who_names_none_pays_what_the_slice_says_the_book_is_worth_less(book: World) -> None:
    """4,029 USD of five millions, which go to those who were there with one: what the slice says that the
    book is worth less, and no more. `tandem` names shares for half a per cent less at the least."""
    w, vault, who = book, book.tandem.vault, book.engine.accounts[THIEF]
    with w.undone():
        vault.send("deposit", AMOUNT, who, 0, sender=who)
        fair = has(w)
    high = int(vault.call("previewDeposit", AMOUNT))
    ahead(w)
    dearer = AMOUNT - AMOUNT * int(vault.call("previewDeposit", AMOUNT)) // high
    vault.send("deposit", AMOUNT, who, 0, sender=who)
    assert 3_000 * USD < fair - has(w) < dearer
