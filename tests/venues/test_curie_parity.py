"""One scenario on every engine: the end states are equal to the wei, addresses included."""

from __future__ import annotations

from typing import Any

import pytest
from curie_bench import PRICE, Bench, build

from tandem.engine import BACKENDS, open_engine
from tandem.errors import Reverted
from tandem.units import USD, WAD


def scenario(bench: Bench) -> dict[str, Any]:
    """Both takers, a flip, funding, arbitrage, a failed trade, a liquidation, a withdrawal."""
    curie, venue, engine = bench.curie, bench.venue, bench.engine
    bench.fund(100_000)
    curie.deposit(bench.trader, 3_100 * USD)
    fills = [bench.trade(size).returned for size in (12 * WAD + 1, -20 * WAD, 3 * WAD)]
    curie.open(bench.trader, 10 * WAD)
    with pytest.raises(Reverted) as refused:
        curie.open(bench.trader, 10 * WAD)
    engine.advance(3_600)
    curie.set_index(PRICE * 92 // 100)
    steps = curie.converge()
    engine.advance(1_800)
    curie.liquidate(bench.trader)
    venue.send("withdraw", 1_000 * USD, bench.stranger, sender=bench.router)
    return {
        "addresses": [part.address for part in (curie.base, curie.pool, venue)],
        "clock": (engine.now(), engine.block()),
        "fills": fills,
        "refusal": refused.value.reason,
        "steps": steps,
        "slot0": curie.pool.call("slot0"),
        "positions": [curie.position(who) for who in (venue, bench.trader, curie.liquidator)],
        "equity": (bench.equity(), bench.value()),
        "limits": (venue.call("max_order", 10**27, 2**255), venue.call("max_order", -(10**27), 0)),
        "free": venue.call("free_collateral"),
        "account": [
            curie.account_balance.call("getPnlAndPendingFee", who)
            for who in (venue, bench.trader, curie.maker, curie.insurance_fund)
        ],
        "funding": curie.exchange.call("getPendingFundingPayment", venue, curie.base),
        "paid out": curie.usdc.call("balanceOf", bench.stranger),
    }


def test_end_states_are_equal_to_the_wei_on_every_engine() -> None:
    states: dict[str, dict[str, Any]] = {}
    for name in BACKENDS:
        with open_engine(name) as engine:
            states[name] = scenario(build(engine))
    first = states["pyrevm"]
    assert first["refusal"] == "CH_NEFCI"
    assert first["positions"][0] == -5 * WAD + 1
    assert abs(first["positions"][1]) < 10 * WAD
    assert first["paid out"] == 1_000 * USD
    assert states["boa"] == first
    assert states["anvil"] == first
