"""HG-20, VS-5, VS-6, LM-6: what of a hedge still moves where a token's issuer stops the way of its margin, or
of its orders, and what a guardian's bit ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from issuers import adapters, base_of, list_all, markets, pause, pools, quote_of
from under_way import (
    AFTERWARDS,
    Act,
    buys,
    closes,
    delevers,
    done,
    nothing,
    rebalances,
    remarks,
    risen,
    sells,
    squeezed,
    sweeps,
    tops_up,
    under_way,
)
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import WAD

LENT = ("aave", "morpho", "morpho4")
Stop = Callable[[World, int], None]


@pytest.fixture(scope="module", params=LENT)
def short_once(request: pytest.FixtureRequest) -> World:
    return squeezed(request.param)


@pytest.fixture
def short(short_once: World) -> Iterator[World]:
    with short_once.undone():
        yield short_once


def lowered(w: World) -> int:
    """How much of the position goes home by delevers alone, and nothing is due any more. WAD."""
    before = w.position()
    for _ in range(40):
        if done(w, delevers, nothing) == "margin: no delever due":
            break
        delevers(w)
        w.engine.advance(61)
        w.freshen()
    return w.position() - before


@pytest.mark.proves("HG-20", "FL-10")
@pytest.mark.parametrize("whom", ["vault", "adapter", "lender"])
def test_a_hedge_that_no_margin_reaches_is_lowered_at_a_lender(short: World, whom: str) -> None:
    """HG-20: "or the venue takes none of it": whoever stops the transfer. Aave's pool takes what we bring,
    and another contract holds it; of Morpho that is one, and nothing goes home by it."""
    w = short
    listed: dict[str, Contract] = {"vault": w.tandem.vault, "adapter": w.tandem.venue}
    name = "lending_pool" if w.curie.recipe.name == "aave" else "lender"
    listed["lender"] = markets(w)[0].parts[name]
    list_all(w, quote_of(w), listed[whom])
    with pytest.raises(Reverted):
        tops_up(w)
    is_stuck = whom == "lender" and w.curie.recipe.name != "aave"
    is_idle = (
        whom == "adapter" and w.curie.recipe.name == "aave"
    )  # what lies idle pays first (LM-6)
    if is_stuck or is_idle:
        with pytest.raises(Reverted):
            delevers(w)
        return
    assert lowered(w) > WAD


def quote_of_adapter(w: World, place: int) -> None:
    list_all(w, quote_of(w), adapters(w)[place])


def quote_of_pool(w: World, place: int) -> None:
    list_all(w, quote_of(w), pools(w)[place - (len(adapters(w)) - len(pools(w)))])


def base_of_adapter(w: World, place: int) -> None:
    list_all(w, base_of(w), adapters(w)[place])


@pytest.mark.proves("VS-5", "VS-6")
@pytest.mark.parametrize(
    ("kind", "place"), [("curie+aave", 1), ("aave+morpho", 0), ("aave+morpho", 1)]
)
@pytest.mark.parametrize("stop", [quote_of_adapter, quote_of_pool, base_of_adapter])
def test_a_bit_ends_what_one_members_token_stops(kind: str, place: int, stop: Stop) -> None:
    """It says of itself what would fit, and nobody sees the token: whatever goes there is refused whole, as
    of a member that lies (docs/trust.md). Margin that names another goes on; with the bit everything does,
    from the gate's next mark on."""
    w, _ = under_way(kind)
    t, others = w.tandem, [one for n, one in enumerate(adapters(w)) if n != place]

    def taken_down(w: World) -> None:
        stop(w, place)
        t.guardian.send("take_down_one", place, sender=t.roles.guardian)
        w.freshen()
        remarks(w)

    with w.undone():
        risen(w)
        assert any(done(w, act, lambda w: stop(w, place)) for act in (sells, buys, rebalances))
        w.set_terms(max_trade=900)
        stop(w, place)
        for one in others:
            assert t.desk.send("top_up", one, sender=w.stranger).returned > 0
    ways: tuple[Act, ...] = (sells, buys, closes, rebalances, tops_up, sweeps)
    assert {act.__name__: done(w, act, taken_down) for act in ways} == {
        a.__name__: "" for a in ways
    }


@pytest.mark.proves("VS-5", "HG-19")
@pytest.mark.parametrize("kind", ["aave", "morpho"])
def test_a_close_that_needs_no_order_waits_for_the_guardian(kind: str) -> None:
    """The only venue says that an order fits which its token stops: what could be closed without one (HG-2)
    is refused until the venue is taken down. Payment at expiry waits for nobody."""
    w, mid = under_way(kind)
    t = w.tandem
    series = w.call(2_500, far=True)
    with w.undone():
        pause(w, base_of(w))
        with pytest.raises(Reverted):
            w.close(series, ETH)
        t.guardian.send("take_down", sender=t.roles.guardian)
        assert w.close(series, ETH).returned[0] == ETH
        assert w.settle(mid, AFTERWARDS)
