"""FL-8: tokens that refuse an approval where another stands, as USDT does: ours are exact and used up."""

from __future__ import annotations

import pytest
from broken import Change, broken
from issuers import adapters, lenders, quote_of
from several import LentWorld, SetWorld
from under_way import settled_in, sweeps, tops_up
from worlds import ETH, FLAT, World, build

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY
from tandem.venues import SEPARATOR, _pair, _setup, recipe

OLD = "    self.allowance[{who}][spender] = amount\n"
RULE = '    assert amount == 0 or self.allowance[{who}][spender] == 0 or {who}.codesize == 0, "over one"\n'
STRICT: tuple[Change, ...] = tuple(
    (f"mocks/{name}.vy", OLD.format(who=who), (RULE + OLD).format(who=who))
    for name, who in (("USDC", "owner"), ("WETH", "msg.sender"))
)
"""Of both stand-ins, for contracts: people in tests approve as they like."""


def strict_world(kind: str) -> World:
    one = SetWorld if SEPARATOR in kind else LentWorld
    settings = DeploySettings(terms={"max_trade": 300})
    with broken(*STRICT), pytest.MonkeyPatch.context() as patch:
        patch.setattr(_pair, "compile_vyper", _setup.compile_vyper)
        return build(venue=recipe(kind), smile=FLAT, kind=one, settings=settings)


def left(w: World, token: Contract) -> list[int]:
    """What lenders may still take of what adapters of Aave have, and the Vault of the router."""
    ours = [a for a in adapters(w) if "settle_collateral" in a.abi.functions]
    found = [token.call("allowance", a, each) for a in ours for each in lenders(w)]
    return [*found, token.call("allowance", w.tandem.router, w.tandem.vault)]


@pytest.mark.proves("FL-8")
@pytest.mark.parametrize("kind", ["aave", "morpho", "curie+aave"])
def test_no_approval_is_left_that_keeps_another_away(kind: str) -> None:
    """Hedges of both signs, grown and brought home over interest, with margin both ways in between: none is
    refused for it, and none is left."""
    w, refused = strict_world(kind), set[str]()
    for series in (w.put(far=True), w.call(far=True)) * 2:
        for _ in range(2):
            w.mint(series, 7 * ETH)
            settled_in(w)
        for trade, act in ((900, tops_up), (100, sweeps), (300, tops_up)):
            w.set_terms(max_trade=trade)
            try:
                act(w)
            except Reverted as error:
                refused.add(error.reason)
        w.engine.advance(DAY)
        w.curie.converge()
        w.freshen()
        assert w.close(series, 14 * ETH).returned[0] == 14 * ETH
        w.curie.converge()
        w.freshen()
    assert {reason.split(":")[0] for reason in refused} <= {"margin"}
    assert not any(left(w, quote_of(w)))
