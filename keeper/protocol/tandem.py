"""Handles to one deployment and the verbs that people use on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keeper.engine.base import CHAIN_ID, Call, Contract, Engine, Receipt
from keeper.execution.surface_signing import SlicePost, SurfaceDomain, sign
from keeper.model import svi
from keeper.protocol.series import Series
from keeper.venues.curie import Curie

if TYPE_CHECKING:
    from keeper.protocol.deploy import Roles

MAX = 2**256 - 1

# Account 4 of anvil's public mnemonic: everybody knows this key, it guards nothing.
LOCAL_SIGNER_KEY = "0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a"


@dataclass(slots=True)
class Tandem:
    """One deployment: contracts, the venue under it, the people around it."""

    engine: Engine
    curie: Curie
    roles: Roles
    risk: Contract
    underwriter: Contract
    spot: Contract
    guardian: Contract
    option: Contract
    surface: Contract
    venue: Contract
    router: Contract
    vault: Contract
    market: Contract
    lens: Contract
    signer_key: str = LOCAL_SIGNER_KEY
    chain_id: int = CHAIN_ID

    # ---- people and money
    @property
    def lp(self) -> str:
        return self.engine.accounts[2]

    @property
    def trader(self) -> str:
        return self.engine.accounts[1]

    @property
    def keeper(self) -> str:
        return self.engine.accounts[3]

    def give(self, account: str, amount: int) -> None:
        """Mint the stand-in quote token to somebody and let the Vault take it."""
        self.curie.usdc.send("mint", account, amount, sender=self.curie.owner)
        self.curie.usdc.send("approve", self.vault, MAX, sender=account)

    def deposit(self, amount: int, lp: str | None = None) -> Receipt:
        """An LP's deposit of `amount` token units."""
        who = lp or self.lp
        self.give(who, amount)
        return self.vault.send("deposit", amount, who, sender=who)

    # ---- listing and surfaces
    def list_expiry(self, expiry: int, strikes: Sequence[int]) -> Receipt:
        return self.market.send("list_expiry", expiry, list(strikes), sender=self.roles.lister)

    def post_call(
        self, expiry: int, slice_: svi.Slice | int, valid_from: int, sequence: int
    ) -> Call:
        """A signed slice, ready to be relayed."""
        word = slice_ if isinstance(slice_, int) else svi.pack(slice_)
        domain = SurfaceDomain(self.chain_id, self.surface.address, self.market.address)
        post = SlicePost(expiry, word, valid_from, sequence)
        args = (expiry, word, valid_from, sequence, sign(domain, post, [self.signer_key]))
        return Call(self.surface, "post", args, self.keeper)

    def post(self, slices: Mapping[int, svi.Slice | int], sequence: int | None = None) -> None:
        """Sign and post one slice per expiry, valid from the latest block."""
        now = self.engine.now()
        for expiry, slice_ in slices.items():
            call = self.post_call(expiry, slice_, now, now if sequence is None else sequence)
            self.engine.send(call.contract, call.fn, *call.args, sender=call.sender)

    # ---- trading
    def mint(
        self,
        series: Series,
        units: int,
        max_premium: int = MAX,
        deadline: int | None = None,
        trader: str | None = None,
    ) -> Receipt:
        who = trader or self.trader
        due = MAX if deadline is None else deadline
        return self.market.send("mint", series.id, units, max_premium, due, who, sender=who)

    def close(
        self,
        series: Series,
        units: int,
        min_units: int = 0,
        min_payout: int = 0,
        trader: str | None = None,
    ) -> Receipt:
        who = trader or self.trader
        args = (series.id, units, min_units, min_payout, MAX, who)
        return self.market.send("close", *args, sender=who)

    def rebalance(self, target: int = 0, sender: str | None = None) -> Receipt:
        return self.market.send("rebalance", target, sender=sender or self.keeper)

    def settle(self, expiry: int, round_id: int) -> Receipt:
        return self.market.send("settle", expiry, round_id, sender=self.keeper)

    def redeem(self, series: Series, units: int, owner: str | None = None) -> Receipt:
        who = owner or self.trader
        return self.market.send("redeem", series.id, units, who, who, sender=who)

    # ---- reading
    def quote(self, series: Series, units: int, is_close: bool = False) -> Any:
        return self.lens.call("quote", series.id, units, is_close)

    def snapshot(self) -> Any:
        return self.lens.call("snapshot")

    def balance_of(self, series: Series, owner: str | None = None) -> int:
        return int(self.option.call("balanceOf", owner or self.trader, series.id))
