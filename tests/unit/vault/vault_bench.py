"""A Vault whose Market, Lens and Guardian are one stand-in that says what the test wants."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from harnesses import harness
from quick_chain import Env
from vault_model import Ledger, Mark

from tandem.protocol import terms
from tandem.units import DAY, HOUR, WAD

env = Env()
SHARE = 10**18
DELAY = DAY
ROLES = ("alice", "bob", "carol", "attacker", "trader", "router", "venue")


@dataclass
class Bench:
    """A vault and its people; amounts in token units."""

    vault: Any
    usdc: Any
    market: Any
    who: dict[str, str] = field(default_factory=dict)

    def fund(self, name: str, amount: int) -> str:
        account = self.who[name]
        self.usdc.mint(account, amount)
        self.usdc.approve(self.vault, 2**256 - 1, sender=account)
        return account

    def deposit(self, name: str, amount: int) -> int:
        account = self.fund(name, amount)
        return self.vault.deposit(amount, account, sender=account)

    def request(self, name: str, shares: int | None = None) -> int:
        account = self.who[name]
        amount = self.vault.balanceOf(account) if shares is None else shares
        self.vault.requestRedeem(amount, account, account, sender=account)
        return amount

    def set_mark(self, **values: int) -> None:
        names = ("bankrupt", "calm", "stale", "resumed")
        flags = {name: bool(values.pop(name)) for name in names if name in values}
        self.market.set_mark(Mark(**values, **flags).as_tuple())

    def marked(self) -> tuple[int, int]:
        """Low and high NAV as the last call marked them; what is kept of it agrees."""
        event = [e for e in self.vault.get_logs() if type(e).__name__ == "Marked"][-1]
        assert tuple(self.vault.last_mark()) == (event.nav_low, env.timestamp)
        state = (self.vault.totalSupply(), self.vault.cash(), self.vault.exits_unpaid())
        assert (event.supply, event.cash, event.exits) == state
        return event.nav_low, event.nav_high

    def poke(self) -> tuple[int, int]:
        self.vault.poke()
        return self.marked()

    def mature(self) -> None:
        env.time_travel(seconds=DELAY + HOUR)

    def claim(self, name: str) -> int:
        account = self.who[name]
        shares = self.vault.maxRedeem(account)
        return self.vault.redeem(shares, account, account, sender=account)

    def ledger(self) -> Ledger:
        return Ledger(DELAY)


@pytest.fixture(scope="session")
def bench_once() -> Bench:
    usdc = env.load("USDC")
    market = env.load(harness("unit/vault/ActingMarket.vy"))
    market.set_terms(terms.defaults()[0])
    market.set_limits(terms.defaults()[1])
    market.set_mark(Mark().as_tuple())
    who = {name: env.generate_address(name) for name in ROLES}
    vault = env.load(
        "Vault", usdc, market, market, who["router"], market,
        "Tandem ETH Vault", "tETH", DELAY, 5 * WAD // 100, 10 * DAY,
    )  # fmt: skip
    return Bench(vault, usdc, market, who)


@pytest.fixture
def bench(bench_once: Bench) -> Any:
    with env.anchor():
        yield bench_once
