"""A key that traded before its keeper began: that is no act of the keeper's, and nothing was lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import Result
from lived_in import ask, lived_in, market, settings, tandem

from keeper.acts import ACTS, SELECTORS, STRAY
from keeper.planner import Kind
from keeper.several import address_of
from tandem.client import Client
from tandem.engine.base import Contract
from tandem.engine.bound import Prepared
from tandem.engine.signers import from_key
from tandem.protocol.bindings.structs import SignedSlice
from tandem.protocol.tandem import LOCAL_KEEPER_KEY
from tandem.units import USD

__all__ = ["ask", "lived_in", "market", "settings", "tandem"]


def test_trades_and_deposits_of_the_same_key_are_no_acts_and_what_a_keeper_sends_is(
    market: Any, ask: Callable[..., Any], tandem: Callable[..., Result]
) -> None:
    person = Client.connect(market.url, market.file, from_key(LOCAL_KEEPER_KEY))
    market.tandem.give(person.address, 10_000 * USD)
    person.mint(market.series, "0.1")
    person.deposit("1000")
    person.remark()  # by hand, but as a keeper does
    began = tandem("run", "--once")
    assert began.exit_code == 0, began.output
    assert "lost" not in began.output
    regained = [act for act in ask("journal") if act["kind"] == "regained"]
    assert len(regained) == 1
    assert "began" in regained[0]["reason"]


ARGS: dict[Kind, list[tuple[int, ...]]] = {
    Kind.SETTLE: [(1, 2)], Kind.REBALANCE: [(-7,)], Kind.BOUNTY: [(7,)], Kind.PROCESS: [(8,)],
    Kind.SHIFT: [(1, 2, 3)], Kind.POST: [(1, 2), (1, 2, 3, 4)], Kind.COLLATERAL: [(1, 2)],
    Kind.TOP_UP: [(), (1,)], Kind.SWEEP: [(), (1,)], Kind.DELEVER: [(), (1,)],
}  # fmt: skip
"""Of kinds that have any, each way in which a plan has them."""


@dataclass
class Acting:
    """Whoever would send it."""

    account: str
    handles: Any

    def signed(self, slices: Mapping[int, int]) -> list[SignedSlice]:
        return [SignedSlice(expiry, word, 5, ()) for expiry, word in slices.items()]

    def stray(self, venue: str, token: str) -> Prepared[Any]:
        adapter = Contract(self.handles.engine, venue, STRAY, "adapter")
        return Prepared(adapter, "settle_collateral", (token,))


@pytest.mark.parametrize("kind", Kind)
def test_every_call_of_a_keeper_is_known_as_one(market: Any, kind: Kind) -> None:
    """Each way of a kind calls one of its functions, on the contract whose they are, with what the plan says,
    and all of its functions are called by some way."""
    act, called = ACTS[kind], list[Prepared[Any]]()
    for args in ARGS.get(kind, [()]):
        called.append(act.call(Acting(market.tandem.keeper, market.tandem), args))
        assert "0x" + called[-1].data[:4].hex() in SELECTORS
        told = repr((called[-1].contract.address, called[-1].args))
        assert all(str(each) in told or address_of(each) in told for each in args), told
    assert {each.fn for each in called} == {*act.functions}
    assert all(
        each.contract.abi.functions[each.fn] == act.abi.functions[each.fn] for each in called
    )
