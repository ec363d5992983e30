"""VS-8: where a venue's word ends to be believed, to the unit on both sides of each end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from harnesses import harness

from tandem.engine import open_engine
from tandem.engine.base import Contract

PRICE, DEPTH, LEAST_DEPTH, FEE = 2**90, 2**100, 10**6, 10**17
HELD, EQUITY, MARGIN, FUNDING = 2**100, 2**100, 2**70, 10**18
ROUNDED = 3 * 10**8
NONE = (0, 0, 0, 0)
DEEP = (DEPTH, DEPTH, DEPTH, DEPTH)

pytestmark = pytest.mark.proves("VS-8")


@pytest.fixture(scope="module")
def rules() -> Iterator[Contract]:
    with open_engine("pyrevm") as engine:
        yield engine.deploy(harness("unit/venue_set/BelievedHarness.vy"), sender=engine.accounts[0])


@pytest.mark.parametrize(
    ("rule", "least", "most"),
    [
        ("is_price", 1, PRICE),
        ("is_equity", -EQUITY, EQUITY),
        ("is_funding", -FUNDING, FUNDING),
        ("is_held", -HELD, HELD),
    ],
)
def test_one_word_has_two_ends(rules: Contract, rule: str, least: int, most: int) -> None:
    for inside in (least, (least + most) // 2, most):
        assert rules.call(rule, inside) is True
    for past in (least - 1, most + 1):
        assert rules.call(rule, past) is False


@pytest.mark.parametrize(
    ("rule", "words", "believed"),
    [
        ("is_quotation", (1, 1, 0), True),
        ("is_quotation", (PRICE, PRICE, FEE), True),
        ("is_quotation", (0, 1, 0), False),
        ("is_quotation", (2, 1, 0), False),
        ("is_quotation", (1, PRICE + 1, 0), False),
        ("is_quotation", (1, 1, FEE + 1), False),
        ("is_margin", (1, 1, 1), True),
        ("is_margin", (1, 2, MARGIN), True),
        ("is_margin", (0, 1, 1), False),
        ("is_margin", (2, 1, 2), False),
        ("is_margin", (1, 2, 1), False),
        ("is_margin", (1, 1, MARGIN + 1), False),
        ("is_average", (1, 0, 0), True),
        ("is_average", (PRICE, DEPTH, DEPTH), True),
        ("is_average", (0, 0, 0), False),
        ("is_average", (PRICE + 1, 0, 0), False),
        ("is_average", (1, DEPTH + 1, 0), False),
        ("is_average", (1, 0, DEPTH + 1), False),
    ],
)
def test_several_words_are_believed_together(
    rules: Contract, rule: str, words: tuple[int, ...], believed: bool
) -> None:
    assert rules.call(rule, *words) is believed


def test_a_curve_has_ends_at_each_of_its_stretches(rules: Contract) -> None:
    """One without a stretch is believed; a stretch so thin that nothing can be divided by it is not."""
    assert rules.call("is_curve", 1, 0, NONE, NONE)
    assert rules.call("is_curve", PRICE, FEE, DEEP, DEEP)
    assert not rules.call("is_curve", 0, 0, NONE, NONE)
    assert not rules.call("is_curve", PRICE + 1, 0, NONE, NONE)
    assert not rules.call("is_curve", 1, FEE + 1, NONE, NONE)
    for k in range(4):
        depths, reaches = list(DEEP), list(DEEP)
        for depth in (0, LEAST_DEPTH):
            depths[k] = depth
            assert rules.call("is_curve", 1, 0, depths, DEEP)
        for depth in (1, LEAST_DEPTH - 1, DEPTH + 1):
            depths[k] = depth
            assert not rules.call("is_curve", 1, 0, depths, DEEP)
        reaches[k] = DEPTH + 1
        assert not rules.call("is_curve", 1, 0, DEEP, reaches)


@pytest.mark.parametrize("left", [0, 1, -1, 10**18, -(10**18)])
def test_a_position_is_between_nothing_and_what_is_left_of_ours(rules: Contract, left: int) -> None:
    """With what rounding makes of it, on both sides; of nothing, nothing but that."""
    above = ROUNDED + (abs(left) if left > 0 else 0)
    under = ROUNDED + (abs(left) if left < 0 else 0)
    for said in (above, -under, 0, left):
        assert rules.call("nearest", left, said) == said
        assert rules.call("is_position", left, said)
    for said, nearest in ((above + 1, above), (-under - 1, -under), (2**200, above)):
        assert rules.call("nearest", left, said) == nearest
        assert not rules.call("is_position", left, said)


def test_an_account_is_believed_in_each_of_its_words(rules: Contract) -> None:
    assert rules.call("is_account", 5, 5, EQUITY, -EQUITY, EQUITY)
    assert not rules.call("is_account", 5, 6 + ROUNDED, 0, 0, 0)
    for place in range(3):
        worth = [0, 0, 0]
        for said in (EQUITY + 1, -EQUITY - 1):
            worth[place] = said
            assert not rules.call("is_account", 5, 5, *worth)
