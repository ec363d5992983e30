"""What anybody may do to an account at Morpho Blue."""

from __future__ import annotations

from collections.abc import Callable

import lent
import pytest
from morpho_bench import Bench

from tandem.units import USD, WAD

UNIT = 10**12
"""A token unit, WAD."""
SIDES = pytest.mark.parametrize("side", [1, -1], ids=["long", "short"])
Gift = Callable[[Bench], object]


def pledge_dollars(bench: Bench) -> object:
    return bench.morpho.supply_for(bench.stranger, bench.venue, 700 * USD)


def pledge_ether(bench: Bench) -> object:
    return bench.morpho.supply_for(bench.stranger, bench.venue, WAD // 2, bench.morpho.weth)


def repay(bench: Bench) -> object:
    """Whatever is owed, some of it."""
    morpho, short = bench.morpho, bench.position() < 0
    token, amount = (morpho.weth, WAD // 2) if short else (morpho.usdc, 700 * USD)
    return morpho.repay_for(bench.stranger, bench.venue, amount, token)


def lend_to_others(bench: Bench) -> object:
    """In our name, as a lender of either market: what the account never reads."""
    return lent.lend_to_others(bench.morpho, bench.stranger, bench.venue)


def send_tokens(bench: Bench) -> object:
    """Plain transfers to the adapter."""
    morpho = bench.morpho
    morpho.weth.send("mint", bench.venue, WAD, sender=morpho.owner)
    return morpho.usdc.send("mint", bench.venue, 700 * USD, sender=morpho.owner)


GIFTS = pytest.mark.parametrize(
    "gift", [pledge_dollars, pledge_ether, repay, lend_to_others, send_tokens]
)


def opened(bench: Bench, side: int) -> None:
    bench.fund(15_000)
    bench.trade(side * 10 * WAD)
