"""What strangers lent or sent in a venue's name: its adapter books it, and puts ether aside that is no
position of ours (LM-2, VS-8)."""

from __future__ import annotations

from tandem.engine.abi import Abi
from tandem.engine.base import Contract, Engine
from tandem.engine.bound import Prepared
from tandem.errors import Reverted

GAS = 2_000_000
_ABI = Abi.spelled("function accept()")


def accept(engine: Engine, venue: str) -> Prepared[None]:
    """Put gifts aside, which anybody may. An exchange's adapter has no such function, and reverts."""
    return Prepared(Contract(engine, venue, _ABI), "accept", ())


def can_accept(engine: Engine, venue: str, account: str) -> bool:
    """Whether a venue can be told to."""
    try:
        accept(engine, venue).simulate(account, GAS)
    except Reverted:
        return False
    return True
