"""Handles to one deployment and the verbs that people use on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tandem.engine.base import CHAIN_ID, Call, Contract, Engine, Receipt
from tandem.engine.bound import Bound
from tandem.errors import Reverted
from tandem.model import svi
from tandem.protocol.bindings.bounty import Bounty
from tandem.protocol.bindings.breaker import Breaker
from tandem.protocol.bindings.chainlink_spot import ChainlinkSpot
from tandem.protocol.bindings.ether_spot import EtherSpot
from tandem.protocol.bindings.guardian import Guardian
from tandem.protocol.bindings.hedge_router import HedgeRouter
from tandem.protocol.bindings.lens import Lens
from tandem.protocol.bindings.margin_desk import MarginDesk
from tandem.protocol.bindings.market import Market
from tandem.protocol.bindings.option_token import OptionToken
from tandem.protocol.bindings.risk import Risk
from tandem.protocol.bindings.stress_test import StressTest
from tandem.protocol.bindings.structs import Deal, SignedSlice, Snapshot
from tandem.protocol.bindings.underwriter import Underwriter
from tandem.protocol.bindings.usdc import USDC
from tandem.protocol.bindings.vault import Vault
from tandem.protocol.bindings.venue_lens import VenueLens
from tandem.protocol.bindings.vol_surface import VolSurface
from tandem.protocol.roles import Roles
from tandem.protocol.series import Series
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain, sign
from tandem.venues import Exchange

MAX = 2**256 - 1

# Accounts 3 (keeper) and 4 (surface signer) of anvil's public mnemonic: everybody knows these keys, they
# guard nothing.
LOCAL_KEEPER_KEY = "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6"
LOCAL_SIGNER_KEY = "0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a"


@dataclass(slots=True)
class Tandem:
    """One deployment: contracts, the venue under it, the people around it."""

    engine: Engine
    exchange: Exchange
    roles: Roles
    risk: Risk
    underwriter: Underwriter
    spot: ChainlinkSpot
    guardian: Guardian
    option: OptionToken
    surface: VolSurface
    venue: Contract
    router: HedgeRouter
    desk: MarginDesk
    vault: Vault
    market: Market
    lens: Lens
    stress: StressTest
    breaker: Breaker
    bounty: Bounty
    venue_lens: VenueLens
    ether: ChainlinkSpot | EtherSpot
    """What ether costs: where the market is on ether its own spot."""
    beside: Mapping[str, Contract] = field(default_factory=dict)
    """What the venue needs besides its adapter; of a set, each member's."""
    signer_keys: tuple[str, ...] = (LOCAL_SIGNER_KEY,)
    chain_id: int = CHAIN_ID

    @property
    def contracts(self) -> dict[str, Contract | Bound]:
        """Every contract of the system by its name."""
        other = {} if self.ether.address == self.spot.address else {"EtherSpot": self.ether}
        return {
            "Risk": self.risk, "Underwriter": self.underwriter, "ChainlinkSpot": self.spot,
            "Guardian": self.guardian, "OptionToken": self.option, "VolSurface": self.surface,
            **other, **self.beside, self.exchange.recipe.adapter: self.venue, "HedgeRouter": self.router,
            "MarginDesk": self.desk, "Vault": self.vault, "Market": self.market, "Lens": self.lens,
            "StressTest": self.stress, "Breaker": self.breaker, "Bounty": self.bounty,
            "VenueLens": self.venue_lens,
        }  # fmt: skip

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
        usdc = USDC.of(self.exchange.usdc)
        usdc.mint(account, amount).send(self.exchange.owner)
        usdc.approve(self.vault, MAX).send(account)

    def deposit(self, amount: int, lp: str | None = None) -> Receipt:
        """An LP's deposit of `amount` token units."""
        who = lp or self.lp
        self.give(who, amount)
        return self.vault.deposit(amount, who).send(who)

    # ---- listing and surfaces
    def list_expiry(self, expiry: int, strikes: Sequence[int]) -> Receipt:
        return self.market.list_expiry(expiry, strikes).send(self.roles.lister)

    def delist(self, expiry: int) -> Receipt:
        """Let nothing open there any more, but closes."""
        return self.market.list_expiry(expiry, []).send(self.roles.lister)

    def signed(self, expiry: int, slice_: svi.Slice | int, valid_from: int) -> SignedSlice:
        """What the surface takes."""
        word = slice_ if isinstance(slice_, int) else svi.pack(slice_)
        domain = SurfaceDomain(self.chain_id, self.surface.address, self.market.address)
        signatures = sign(domain, SlicePost(expiry, word, valid_from), self.signer_keys)
        return SignedSlice(expiry, word, valid_from, tuple(signatures))

    def post_call(self, expiry: int, slice_: svi.Slice | int, valid_from: int) -> Call:
        """A signed slice, ready to be relayed."""
        s = self.signed(expiry, slice_, valid_from)
        return self.surface.post(s.expiry, s.slice_word, s.valid_from, s.signatures).by(self.keeper)

    def post(self, slices: Mapping[int, svi.Slice | int]) -> list[Receipt]:
        """Sign and post one slice per expiry, valid from the latest block."""
        now = self.engine.now()
        calls = [self.post_call(expiry, slice_, now) for expiry, slice_ in slices.items()]
        return [call.send() for call in calls]

    def post_together(self, slices: Mapping[int, svi.Slice | int]) -> Receipt:
        """The same in one transaction."""
        now = self.engine.now()
        signed = [self.signed(expiry, slice_, now) for expiry, slice_ in slices.items()]
        return self.surface.post_all(signed).send(self.keeper)

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
        self.freshen_gate(who)
        return self.market.mint(series.id, units, max_premium, due, who).send(who)

    def freshen_gate(self, sender: str | None = None) -> None:
        """Mark the book for the gate where the last mark says nothing of now, as whoever opens does; where
        that is refused the open says why."""
        if not self.stress.gate(self.spot.peek().price, 0, 0).is_fresh:
            with suppress(Reverted):
                self.stress.remark().send(sender or self.keeper)

    def close(
        self,
        series: Series,
        units: int,
        min_units: int = 0,
        min_payout: int = 0,
        trader: str | None = None,
    ) -> Receipt:
        who = trader or self.trader
        return self.market.close(series.id, units, min_units, min_payout, MAX, who).send(who)

    def rebalance(self, target: int = 0, sender: str | None = None) -> Receipt:
        return self.market.rebalance(target).send(sender or self.keeper)

    def settle(self, expiry: int, round_id: int) -> Receipt:
        return self.market.settle(expiry, round_id).send(self.keeper)

    def redeem(self, series: Series, units: int, owner: str | None = None) -> Receipt:
        who = owner or self.trader
        return self.market.redeem(series.id, units, who, who).send(who)

    # ---- reading
    def quote(self, series: Series, units: int, is_close: bool = False) -> Deal:
        return self.lens.quote(series.id, units, is_close)

    def snapshot(self) -> Snapshot:
        return self.lens.snapshot()

    def balance_of(self, series: Series, owner: str | None = None) -> int:
        return self.option.balanceOf(owner or self.trader, series.id)
