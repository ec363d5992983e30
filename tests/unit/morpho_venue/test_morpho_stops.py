"""What stops an order at a lender that nobody can pause: lenders who have left, and oracles; and the way out
of each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from harnesses import harness
from morpho_bench import PRICE, Bench, places
from refusals import refuses

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import USD, WAD
from tandem.venues.morpho.ledger import id_of

SIDES = pytest.mark.parametrize("side", [1, -1], ids=["long", "short"])
ORACLE = "unit/morpho_venue/OddOracle.vy"


@pytest.mark.proves("LM-3", "LM-4", "LM-7", "LM-8")
@SIDES
def test_a_market_whose_lenders_left_lends_nothing_and_lets_go(bench: Bench, side: int) -> None:
    """The side drops out: what needs a loan there is 0, and the position comes home whole, with all of its
    money: what is pledged is lent to nobody."""
    bench.fund(15_000)
    bench.trade(side * 7 * WAD)
    market = bench.morpho.long if side > 0 else bench.morpho.short
    bench.morpho.drain(market)
    assert bench.most(side * WAD) == 0
    with refuses("insufficient liquidity"):
        bench.trade(side * WAD)
    assert bench.most(-side * 3 * WAD) == 3 * WAD
    bench.trade(-side * 3 * WAD)
    assert bench.most(-bench.position()) == abs(bench.position())
    bench.trade(-bench.position())
    assert bench.position() == 0
    home = bench.morpho.quote(bench.venue)
    assert bench.venue.call("free_collateral") > home * 998 // 1_000
    bench.venue.send("withdraw", home, bench.stranger, sender=bench.router)
    assert bench.morpho.usdc.call("balanceOf", bench.stranger) == home


@pytest.mark.proves("LM-3")
@SIDES
def test_what_lenders_left_says_how_much(bench: Bench, side: int) -> None:
    bench.fund(15_000)
    market = bench.morpho.long if side > 0 else bench.morpho.short
    bench.morpho.drain(market, 9_000 * USD if side > 0 else 3 * WAD)
    fits = bench.most(side * 10 * WAD)
    assert (
        (7_999 * WAD // 1_000 if side > 0 else 3 * WAD)
        >= fits
        > (79 * WAD // 10 if side > 0 else 0)
    )
    if side < 0:
        assert fits == 3 * WAD
    with bench.undone():
        bench.trade(side * fits)
    with refuses("insufficient liquidity"):
        bench.trade(side * (fits + WAD // 10))


@pytest.mark.proves("LM-3")
@SIDES
def test_the_other_side_is_open_while_one_has_no_lenders(bench: Bench, side: int) -> None:
    """A flip goes as far as nothing, and what its own margin pays beyond."""
    bench.fund(15_000)
    bench.trade(side * 4 * WAD)
    bench.morpho.drain(bench.morpho.short if side > 0 else bench.morpho.long)
    most = bench.most(-side * 20 * WAD)
    if side > 0:
        assert most == 4 * WAD
    else:
        assert 4 * WAD + 49 * WAD // 10 < most < 4 * WAD + 5 * WAD  # what 15,000 USD buy
    bench.trade(-side * most)
    assert bench.position() == pytest.approx(side * 4 * WAD - side * most, abs=20)


@pytest.mark.proves("LM-3")
def test_purse_is_what_lies_there_of_ours_and_what_a_long_may_still_borrow(bench: Bench) -> None:
    """Neither what others pledged in their own name, nor what they gave us."""
    morpho = bench.morpho
    lent = bench.venue.call("purse")
    assert lent == morpho.long.there()
    bench.fund(10_000)
    assert bench.venue.call("purse") == lent + 10_000 * USD
    morpho.supply_for(bench.stranger, bench.stranger, 5_000 * USD)
    morpho.supply_for(bench.stranger, bench.venue, 5_000 * USD)
    assert bench.venue.call("purse") == lent + 10_000 * USD
    bench.venue.send("accept", sender=bench.stranger)
    assert bench.venue.call("purse") == lent + 10_000 * USD
    morpho.drain(morpho.long)
    assert bench.venue.call("purse") == 10_000 * USD


@pytest.fixture
def odd(bench: Bench) -> tuple[Bench, Contract, Contract]:
    """The adapter on two markets whose oracles do as they are told; the long's, and the short's."""
    morpho, engine = bench.morpho, bench.engine
    prices = {"long": PRICE * 10**6, "short": 10**66 // PRICE}
    oracles: dict[str, Contract] = {}
    ids: dict[str, str] = {}
    for sign, side in (("long", morpho.long), ("short", morpho.short)):
        oracles[sign] = engine.deploy(harness(ORACLE), prices[sign])
        params = (*side.params[:2], oracles[sign].address, *side.params[3:])
        morpho.lender.send("createMarket", params, sender=morpho.owner)
        maker = morpho.spot.maker
        token, amount = (morpho.usdc, 10**6 * USD) if sign == "long" else (morpho.weth, 500 * WAD)
        morpho.give(maker, token, amount)
        morpho.lender.send("supply", params, amount, 0, maker, b"", sender=maker)
        ids[sign] = id_of(params)
    others = {f"{sign}_market": id for sign, id in ids.items()}
    venue = bench.new(*places(morpho, bench.router, **others))
    return replace(bench, venue=venue), oracles["long"], oracles["short"]


@pytest.mark.proves("LM-3", "LM-8")
@SIDES
def test_an_oracle_that_reverts_stops_what_needs_it_and_not_the_way_home(
    odd: tuple[Bench, Contract, Contract], side: int
) -> None:
    """No value and no part of a position, for nobody can say what it is worth. A whole position comes home,
    and money alone leaves, for neither asks an oracle; the other side does not notice."""
    bench, long, short = odd
    bench.fund(15_000)
    bench.trade(side * 10 * WAD)
    (long if side > 0 else short).send("end", sender=bench.stranger)
    for view, args in (("index", ()), ("account", (PRICE,))):
        with pytest.raises(Reverted, match="no answer"):
            bench.venue.call(view, *args)
    assert bench.venue.call("free_collateral") == 0
    for size in (side * WAD, -side * WAD):
        assert bench.most(size) == 0
        with pytest.raises(Reverted, match="no answer"):
            bench.trade(size)
    assert bench.position() == side * 10 * WAD
    assert bench.most(-side * 10 * WAD) == 10 * WAD
    bench.trade(-side * 10 * WAD)
    assert bench.position() == 0
    home = bench.account(PRICE)[2] // 10**12
    assert bench.venue.call("free_collateral") > home * 998 // 1_000
    bench.venue.send("withdraw", home, bench.stranger, sender=bench.router)
    bench.fund(15_000)
    assert bench.most(-side * 5 * WAD) == 5 * WAD
    bench.trade(-side * 5 * WAD)


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("said", [0, 2**256 - 1])
def test_a_long_that_owes_nothing_asks_no_oracle_what_it_may_sell(
    odd: tuple[Bench, Contract, Contract], said: int
) -> None:
    """Not even one whose answer no collateral can be multiplied by. Nor does the lender: the sale fills."""
    bench, long, _ = odd
    bench.fund(15_000)
    bench.trade(3 * WAD)
    assert bench.morpho.long.debt(bench.venue) == 0
    long.send("say", said, sender=bench.stranger)
    assert bench.most(-WAD) == WAD
    bench.trade(-WAD)
    assert bench.position() == 2 * WAD


def _given(bench: Bench, what: str, amount: int) -> None:
    """A stranger pledges or repays in the account's name: of the base token, or of the quote token."""
    lender, venue = bench.morpho.lender, bench.venue
    act, _, token = what.partition(" ")
    # what pledges quote tokens, and owes base tokens, is the short's market
    at_short = (act == "pledges") == (token == "quote")
    params = tuple(
        lender.call("idToMarketParams", venue.call("SHORT_ID" if at_short else "LONG_ID"))
    )
    bench.morpho.give(
        bench.stranger, bench.morpho.usdc if token == "quote" else bench.morpho.weth, amount
    )
    if act == "pledges":
        lender.send("supplyCollateral", params, amount, venue, b"", sender=bench.stranger)
    else:
        lender.send("repay", params, amount, 0, venue, b"", sender=bench.stranger)


GIFTS = [
    (1, "pledges quote", 1), (1, "pledges quote", 900 * USD), (1, "repays quote", 900 * USD),
    (1, "pledges base", WAD // 3), (-1, "pledges quote", 1), (-1, "pledges quote", 900 * USD),
    (-1, "repays base", 10**9), (-1, "repays base", WAD // 3), (-1, "pledges base", WAD // 3),
]  # fmt: skip


@pytest.mark.proves("LM-8")
@pytest.mark.parametrize(("side", "what", "amount"), GIFTS)
@pytest.mark.parametrize("ends", ["end", "say"])
def test_a_gift_beside_an_oracle_that_ended_keeps_no_position_from_coming_home(
    odd: tuple[Bench, Contract, Contract], side: int, what: str, amount: int, ends: str
) -> None:
    """A unit of it had locked hedge and margin until the oracle answers, for good where it never does. It is
    booked at the pool's price of a minute, and counts in nothing."""
    bench, long, short = odd
    bench.fund(15_000)
    bench.trade(side * 10 * WAD)
    for oracle in (long, short):
        oracle.send(ends, *((0,) if ends == "say" else ()), sender=bench.stranger)
    with bench.undone():
        bench.trade(-bench.position())
        bare = bench.account(PRICE)[1]
    _given(bench, what, amount)
    bench.trade(-bench.position())
    assert bench.position() == 0
    bench.venue.send("accept", sender=bench.stranger)
    _, equity, *_ = bench.account(PRICE)
    worth = amount * 10**12 if what.endswith("quote") else amount * PRICE // WAD
    assert abs(equity - bare) < max(worth // 50, 10**13)
    home = equity // 10**12 - 1
    bench.venue.send("withdraw", home, bench.stranger, sender=bench.router)


@pytest.mark.proves("LM-8")
@SIDES
def test_a_liquidation_before_the_oracle_ended_is_no_gift(
    odd: tuple[Bench, Contract, Contract], side: int
) -> None:
    """A part of the hedge is gone when it ends: without any price the debt that was paid would be one."""
    bench, long, short = odd
    bench.fund(15_000)
    bench.trade(side * 10 * WAD)
    oracle = long if side > 0 else short
    fallen = PRICE * 10**6 * 11 // 20 if side > 0 else 10**66 // PRICE * 7 // 10
    oracle.send("say", fallen, sender=bench.stranger)
    lender = bench.morpho.lender
    market = bench.venue.call("LONG_ID" if side > 0 else "SHORT_ID")
    params = tuple(lender.call("idToMarketParams", market))
    bench.morpho.give(bench.stranger, bench.morpho.usdc if side > 0 else bench.morpho.weth, 10**24)
    part = 4 * WAD if side > 0 else 10_000 * USD
    lender.send("liquidate", params, bench.venue, part, 0, b"", sender=bench.stranger)
    left = bench.position()
    assert 0 < side * left < 10 * WAD
    oracle.send("end", sender=bench.stranger)
    bench.trade(-left)
    assert bench.position() == 0
    assert bench.venue.call("gifts") == 0


@pytest.mark.proves("LM-3", "LM-8")
@SIDES
def test_an_oracle_that_answers_nothing_lends_nothing_and_every_view_answers(
    odd: tuple[Bench, Contract, Contract], side: int
) -> None:
    """The lender then takes the collateral for worthless: it lends no more, and gives nothing back while
    anything is owed. The whole position comes home still, if nobody was faster."""
    bench, long, short = odd
    bench.fund(15_000)
    bench.trade(side * 10 * WAD)
    (long if side > 0 else short).send("say", 0, sender=bench.stranger)
    assert bench.venue.call("index") == (0 if side > 0 else 10**30)
    position, equity, there, margin = bench.account(PRICE)
    assert position == side * 10 * WAD
    assert equity > 14_900 * WAD
    assert there == margin < 0
    assert bench.venue.call("free_collateral") == 0
    for size in (side * WAD, -side * WAD):
        assert bench.most(size) == 0
        with refuses("insufficient collateral"):
            bench.trade(size)
    assert bench.most(-side * 10 * WAD) == 10 * WAD
    with bench.undone():
        bench.trade(-side * 10 * WAD)
        assert bench.account(PRICE)[2] > 14_900 * WAD
    taken = _seize(bench, side)
    assert taken > 0
    assert bench.account(PRICE)[0] == 0


def _seize(bench: Bench, side: int) -> int:
    """What whoever comes first takes for nothing: all that is pledged, token units."""
    id = bench.venue.call("LONG_ID" if side > 0 else "SHORT_ID")
    lender = bench.morpho.lender
    params = tuple(lender.call("idToMarketParams", id))
    pledged = int(lender.call("position", id, bench.venue)[2])
    lender.send("liquidate", params, bench.venue, pledged, 0, b"", sender=bench.stranger)
    return pledged


@SIDES
def test_the_lenders_owner_reaches_no_account(busy: Bench, side: int) -> None:
    """The most that he may do: a quarter of what borrowers pay is his. Nobody owes or has more or less."""
    busy.fund(15_000)
    busy.trade(side * 10 * WAD)
    before, purse = busy.account(PRICE), busy.venue.call("purse")
    taken = busy.morpho.turn().take(busy.venue.address)
    assert taken.refused == "the lender's owner reaches no account"
    assert len([r for r in taken.receipts if r.events("SetFee")]) == 2
    assert taken.amount == 0
    assert busy.account(PRICE) == pytest.approx(before, abs=WAD // 1_000)
    assert busy.venue.call("purse") == purse
    assert busy.morpho.lender.call("market", busy.morpho.long.id)[5] == WAD // 4
    busy.trade(-busy.position())
