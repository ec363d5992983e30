"""R28, R20: whoever sums the events up knows the cash, and who bore each hedge's cost."""

from __future__ import annotations

from collections import Counter

import pytest
from worlds import ETH, USD, World

from tandem.engine.base import Receipt
from tandem.units import DAY, WAD

HEADROOM = 20_000 * WAD  # the largest trade at the defaults
SIGN = {"Deposit": 1, "Collected": 1, "Restored": 1, "Paid": -1, "Lent": -1, "Withdraw": -1}


def a_month(w: World) -> list[Receipt]:
    """Everything that moves money, at least once."""
    t, lp, vault = w.tandem, w.tandem.lp, w.tandem.vault
    series, other = w.call(2_500), w.put(2_400, far=True)
    done = [w.mint(series, 6 * ETH), w.mint(other, 6 * ETH), w.close(series, ETH)]
    while not t.router.call("account", w.spot, HEADROOM)[4]:
        done.append(w.mint(series, 6 * ETH))
    done.append(t.desk.send("top_up", sender=w.stranger))
    done.append(t.deposit(50_000 * USD, lp=w.engine.accounts[6]))
    share = vault.call("balanceOf", lp) // 3
    done.append(vault.send("requestRedeem", share, lp, lp, sender=lp))
    w.move(2_620)
    w.freshen()
    done.append(t.rebalance())
    w.deposit_for_venue(40_000 * USD)
    done.append(w.overfund())
    done.append(t.desk.send("sweep", sender=w.stranger))
    w.engine.advance(25 * 3_600)
    w.freshen()
    done += w.bring_home()  # exits wait for a calm moment (SH-8)
    w.freshen()
    done.append(vault.send("process", 3, sender=w.stranger))
    done.append(vault.send("withdraw", 777 * USD, lp, lp, sender=lp))
    done.append(vault.send("redeem", vault.call("maxRedeem", lp), lp, lp, sender=lp))
    w.engine.set_time(w.near)
    w.push(2_620)
    done.append(t.settle(w.near, w.round_id()))
    done.append(t.redeem(series, 5 * ETH))
    w.post()
    w.engine.advance(DAY // 2)
    w.move(2_400)
    w.freshen()
    done.append(t.rebalance())
    return done


@pytest.mark.proves("MP-9")
def test_r28_the_events_add_up_to_the_cash(world: World) -> None:
    vault = world.tandem.vault
    before = vault.call("cash")
    receipts = a_month(world)
    seen: Counter[str] = Counter()
    cash = before
    for receipt in receipts:
        for event in receipt.events(address=vault):
            if event.name in SIGN:
                amount = event["assets"] if "assets" in event.args else event["amount"]
                cash += SIGN[event.name] * amount
                seen[event.name] += 1
                assert event.args.get("cash", cash) == cash
    assert set(seen) == set(SIGN)
    assert cash == vault.call("cash") == world.usdc(vault)


@pytest.mark.proves("HG-11")
def test_r28_each_hedges_cost_is_the_fill_against_the_oracle(world: World) -> None:
    position = world.position()
    for receipt in a_month(world):
        for event in receipt.events("Hedged"):
            order, spot = event["order"], event["oracle_price"]
            fair = -order * spot // WAD
            assert abs(event["cost"] - (event["venue_fee"] + fair - event["quote_delta"])) <= 1
            position += order
            assert event["position_after"] == position
            moved = event["residual_after"] - event["residual_before"]
            names = {e.name for e in receipt.events()}
            if not names & {"OptionMinted", "OptionClosed"}:
                assert moved == order
                assert event["trader_cost"] == 0
    assert position == world.position()
