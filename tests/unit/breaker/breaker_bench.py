"""The breaker beside its real Guardian, on pyrevm. Vault and Market are stand-ins that say what a test tells
them, and an account is the router: what they say on a real market is test_breaker_on_the_market's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quick_chain import Env

from tandem.protocol import terms
from tandem.units import DAY, WAD

env = Env()
NAV = 10**6  # USD
HOLDING = """
# pragma version 0.4.3

struct Funds:
    cash: uint256
    exits: uint256
    queued: uint256
    nav: uint256
    nav_time: uint256

_nav: uint256
_silent: uint256
totalSupply: public(uint256)

@external
def hold(nav: uint256, supply: uint256):
    self._nav = nav
    self.totalSupply = supply

@external
def silent(seconds: uint256):
    self._silent = seconds

@external
@view
def funds() -> Funds:
    time: uint256 = block.timestamp - self._silent
    return Funds(cash=self._nav, exits=0, queued=0, nav=self._nav, nav_time=time)
"""


@dataclass(frozen=True)
class Bench:
    breaker: Any
    guardian: Any
    vault: Any
    owner: str
    router: str  # of the stress test, which alone it believes
    stranger: str


def look(b: Bench, **seen: Any) -> Any:
    """A look at a quiet market, with what is said here instead of it."""
    sight = {
        "spot": 2_500 * WAD, "position": 0, "lost": 0, "funding": 0, "distress": False,
    } | seen  # fmt: skip
    b.breaker.look(tuple(sight.values()), sender=b.router)
    return b.breaker.state()


def build() -> Bench:
    owner, router, stranger = (
        env.generate_address(name) for name in ("owner", "router", "stranger")
    )
    vault = env.loads(HOLDING)
    vault.hold(NAV * 10**6, NAV * WAD)
    at = env.engine.next_address(env.caller, ahead=1)
    guardian = env.load(
        "Guardian", owner, [owner], [owner], [owner], 2 * DAY, terms.defaults(), at, 0
    )
    breaker = env.load("Breaker", router, vault, vault, guardian)
    return Bench(breaker, guardian, vault, owner, router, stranger)
