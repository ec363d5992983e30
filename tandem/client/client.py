"""One object with every verb: `Client.connect()`, then ask it or tell it.

A verb that writes has two forms. `prepare_mint(…)` simulates and returns what would happen, with the
exact transactions, for a person to look at or a Safe to sign; `mint(…)` sends it as well. A series
is named by its own name, or by a wish: ATM-21D-C is the listed call nearest to the money and to 21
days; sold back or redeemed is what the account holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar, Unpack

from tandem.client import (
    allowance,
    bounty,
    chain,
    gate,
    gifts,
    governance,
    liquidity,
    listing,
    margin,
    moving,
    naming,
    positions,
    trades,
)
from tandem.client.accounts import find
from tandem.client.bounty import BountyState
from tandem.client.session import Bounds, Done, Prepared, Session
from tandem.connection import connect, signer_of
from tandem.engine.signers import Signer
from tandem.protocol.deal import Quote
from tandem.protocol.series import Series
from tandem.settings import Connection, load
from tandem.units import Amount

R = TypeVar("R")


class Client:
    """One market, seen and used by one account."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @classmethod
    def connect(
        cls,
        rpc: str | None = None,
        deployment: Path | str | None = None,
        account: str | Signer | None = None,
        bounds: Bounds | None = None,
        *,
        market: str | None = None,
    ) -> Client:
        """What is not given comes from TANDEM_… settings. account: a signer, an Ape account's name,
        an address to watch; without one TANDEM_KEY, on a development node its own trader. market: of a
        deployment that has several. Raises
        ConfigError, NodeDownError, WrongChainError, NotDeployedError, AccountError."""
        path = Path(deployment) if deployment is not None else None
        settings = load(Connection, rpc=rpc, deployment=path, market=market)
        engine, found = connect(settings)
        who = find(engine, account, signer_of(settings))
        return cls(Session.open(engine, found, who, bounds or Bounds()))

    @property
    def address(self) -> str:
        """Who acts. Raises AccountError where nobody does."""
        return self.session.who.address

    def now(self) -> int:
        """The latest block's time, seconds."""
        return self.session.engine.now()

    def clock(self) -> int:
        """The same, where something follows from it that has no deadline. Raises ClientError where this
        machine's clock says another hour, but on a chain of one's own."""
        return self.session.clock()

    # ---- looking
    def chain(self, size: Amount = 1, *, room: bool = True) -> chain.Chain:
        """Strikes by expiries: bid, ask, volatility, delta, room for `size` ETH."""
        return chain.read(self.session, size, room=room)

    def quote(self, series: Series | str, size: Amount, *, is_close: bool = False) -> Quote:
        """What a trade is worth now."""
        find = naming.held if is_close and self.session.account else naming.listed
        return trades.quote(self.session, find(self.session, series), size, is_close=is_close)

    def positions(self) -> positions.Portfolio:
        """What the account holds, with value and profit."""
        return positions.read(self.session)

    # ---- trading
    def prepare_mint(
        self, series: Series | str, size: Amount, **bounds: Unpack[trades.MintBounds]
    ) -> Prepared[trades.MintPreview, trades.Traded]:
        """bounds: most (USD), deadline (a block's time, as `now() + 600`), recipient, approve (False: give no
        allowance)."""
        return trades.mint(self.session, naming.listed(self.session, series), size, **bounds)

    def mint(
        self, series: Series | str, size: Amount, **bounds: Unpack[trades.MintBounds]
    ) -> Done[trades.Traded]:
        """Buy options; their hedge trades in the same transaction."""
        return self.prepare_mint(series, size, **bounds).send()

    def prepare_close(
        self, series: Series | str, size: Amount, **bounds: Unpack[trades.CloseBounds]
    ) -> Prepared[trades.ClosePreview, trades.Traded]:
        """bounds: least (USD for all of the size), deadline (a block's time, as `now() + 600`), recipient."""
        return trades.close(self.session, naming.held(self.session, series), size, **bounds)

    def close(
        self, series: Series | str, size: Amount, **bounds: Unpack[trades.CloseBounds]
    ) -> Done[trades.Traded]:
        """Sell options back."""
        return self.prepare_close(series, size, **bounds).send()

    def prepare_redeem(
        self, series: Series | str, size: Amount | None = None, *, recipient: str | None = None
    ) -> Prepared[trades.RedeemPreview, trades.Traded]:
        """recipient: who is paid, if not the account."""
        named = naming.held(self.session, series)
        return trades.redeem(self.session, named, size, recipient=recipient)

    def redeem(
        self, series: Series | str, size: Amount | None = None, *, recipient: str | None = None
    ) -> Done[trades.Traded]:
        """Exchange settled options for their payoff."""
        return self.prepare_redeem(series, size, recipient=recipient).send()

    # ---- providing liquidity
    def prepare_deposit(
        self, amount: Amount, *, min_shares: Amount | None = None, approve: bool = True
    ) -> Prepared[liquidity.DepositPreview, liquidity.Stake]:
        return liquidity.deposit(self.session, amount, min_shares=min_shares, approve=approve)

    def deposit(self, amount: Amount, min_shares: Amount | None = None) -> Done[liquidity.Stake]:
        """Put USD into the Vault; min_shares: fewer are refused, by default 0.5 % fewer than expected."""
        return self.prepare_deposit(amount, min_shares=min_shares).send()

    def prepare_exit(
        self, shares: Amount | None = None
    ) -> Prepared[liquidity.ExitPreview, liquidity.Stake]:
        return liquidity.request_exit(self.session, shares)

    def request_exit(self, shares: Amount | None = None) -> Done[liquidity.Stake]:
        """Queue shares to leave; it cannot be taken back."""
        return self.prepare_exit(shares).send()

    def prepare_remark(self) -> Prepared[gate.GateState, gate.GateState]:
        return gate.remark(self.session)

    def remark(self) -> Done[gate.GateState]:
        """Mark the book for the jump gate, which opens need once an hour."""
        return self.prepare_remark().send()

    def bounty(self) -> BountyState:
        """What bringing the residual home is paid now, and what bounds it."""
        return bounty.state(self.session)

    def prepare_stamp(self) -> Prepared[BountyState, BountyState]:
        return bounty.stamp(self.session)

    def stamp(self) -> Done[BountyState]:
        """Note that the residual is past the trigger: from now on who brings it home is paid."""
        return self.prepare_stamp().send()

    def prepare_top_up(self) -> Prepared[margin.Margin, margin.Margin]:
        return margin.top_up(self.session)

    def top_up(self) -> Done[margin.Margin]:
        """Send the hedge's account the margin that it lacks, from the Vault's cash."""
        return self.prepare_top_up().send()

    def prepare_delever(self) -> Prepared[margin.HedgeState, margin.HedgeState]:
        return margin.delever(self.session)

    def delever(self) -> Done[margin.HedgeState]:
        """Lower the hedge to what its margin carries, where the floor funds no top-up."""
        return self.prepare_delever().send()

    def prepare_shift(
        self, wanted: moving.Wanted | None = None
    ) -> Prepared[moving.Move, moving.Move]:
        return moving.shift(self.session, wanted or moving.Wanted())

    def shift(self, wanted: moving.Wanted | None = None) -> Done[moving.Move]:
        """Move what is due, or what is wanted, from one of several venues to another."""
        return self.prepare_shift(wanted).send()

    def prepare_accept(
        self, venue: str | None = None
    ) -> Prepared[gifts.Positions, gifts.Positions]:
        return gifts.accept(self.session, venue)

    def accept(self, venue: str | None = None) -> Done[gifts.Positions]:
        """Put aside what others gave to the hedge's account, at one of several venues or at all."""
        return self.prepare_accept(venue).send()

    def prepare_claim(
        self, *, recipient: str | None = None
    ) -> Prepared[liquidity.ClaimPreview, liquidity.Stake]:
        """recipient: who is paid, if not the account."""
        return liquidity.claim(self.session, recipient=recipient)

    def claim(self, *, recipient: str | None = None) -> Done[liquidity.Stake]:
        """Take what was set aside for the account."""
        return self.prepare_claim(recipient=recipient).send()

    # ---- allowances
    def prepare_revoke(self) -> Prepared[Decimal, Decimal]:
        return allowance.revoke(self.session)

    def revoke(self) -> Done[Decimal]:
        """Take back what the Vault may still take, as after a mint that was cut short."""
        return self.prepare_revoke().send()

    # ---- listing and governing
    def prepare_list(
        self, expiry: int, strikes: Sequence[int]
    ) -> Prepared[listing.ListPreview, tuple[int, ...]]:
        return listing.list_expiry(self.session, expiry, strikes)

    def list_expiry(self, expiry: int, strikes: Sequence[int]) -> Done[tuple[int, ...]]:
        """List an expiry with strikes, or more strikes on one; a lister's."""
        return self.prepare_list(expiry, strikes).send()

    def prepare_delist(self, expiry: int) -> Prepared[listing.DelistPreview, bool]:
        return listing.delist(self.session, expiry)

    def delist(self, expiry: int) -> Done[bool]:
        """Let nothing open in an expiry any more, but closes; a lister's."""
        return self.prepare_delist(expiry).send()

    def propose(self, term: str, amount: int) -> Done[int]:
        """Change a parameter, at once or after the delay; the owner's."""
        return governance.propose(self.session, term, amount).send()

    def apply_term(self, term: str) -> Done[int]:
        """Make a proposed change take effect; the owner's."""
        return governance.apply_term(self.session, term).send()

    def pause(self) -> Done[int]:
        """Stop opens and deposits; a guardian's."""
        return governance.pause(self.session).send()

    def unpause(self) -> Done[int]:
        """Propose the end of the pause; the owner's."""
        return governance.unpause(self.session).send()
