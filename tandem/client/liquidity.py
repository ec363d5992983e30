"""What LPs do: deposit, ask to leave, claim."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tandem.client.allowance import Spending, around
from tandem.client.amounts import SHARES, shown
from tandem.client.errors import BalanceError, ClientError
from tandem.client.second import check_shares
from tandem.client.session import Prepared, Session, for_another, prepare, reads, step
from tandem.protocol.reverts import explain
from tandem.protocol.waits import processing
from tandem.units import HOUR, Amount, decimal, parse_usd, scaled

SLIPPAGE_BPS = 50
"""What the price of a share may rise between a look and the block that takes the deposit."""
EPOCH = HOUR
"""Seconds: exits are processed by the hour."""


@dataclass(frozen=True, slots=True)
class DepositPreview:
    """What a deposit buys. price: USD a share, at the high NAV and without any fee; least: the shares
    under which it is refused."""

    amount: Decimal
    shares: Decimal
    price: Decimal
    least: Decimal


@dataclass(frozen=True, slots=True)
class ExitPreview:
    """What an exit asks for. worth: USD at the last low NAV, an estimate: the price is that of the
    processing; epoch: its number; earliest: when it is processed at the earliest, seconds."""

    shares: Decimal
    worth: Decimal
    epoch: int
    earliest: int


@dataclass(frozen=True, slots=True)
class ClaimPreview:
    """What was set aside for an LP who left. recipient: who is paid."""

    shares: Decimal
    amount: Decimal
    recipient: str


@dataclass(frozen=True, slots=True)
class Stake:
    """An LP's side of the Vault, shares and USD. worth: of `shares`, at the last low NAV; pending:
    shares that wait to be processed; claimable: USD that can be claimed."""

    shares: Decimal
    worth: Decimal
    pending: Decimal
    claimable: Decimal


def stake(session: Session) -> Stake:
    """The account's shares and exits, of one block: what is processed meanwhile would be in two places, or in
    none."""
    vault, who = session.on.vault, session.who.address
    with session.engine.pinned():
        held = vault.balanceOf(who)
        return Stake(
            decimal(held, SHARES),
            decimal(vault.convertToAssets(held)),
            decimal(vault.pendingRedeemRequest(0, who), SHARES),
            decimal(vault.maxWithdraw(who)),
        )


def deposit(
    session: Session,
    amount: Amount,
    *,
    min_shares: Amount | None = None,
    approve: bool = True,
) -> Prepared[DepositPreview, Stake]:
    """Put USD in and get shares, at the high NAV of the block that takes it. min_shares: fewer are
    refused; without it, what SLIPPAGE_BPS leave of the shares expected now."""
    tokens, vault, who = parse_usd(amount), session.on.vault, session.who.address
    expected = reads(vault.previewDeposit, tokens)
    least = (
        expected * (10_000 - SLIPPAGE_BPS) // 10_000
        if min_shares is None
        else scaled(min_shares, SHARES, "number of shares")
    )
    if min_shares is None:
        check_shares(session, expected, least, tokens)
    call = step(vault.deposit(tokens, who, least), f"deposit {shown(decimal(tokens))} USD")
    spending = Spending(tokens, tokens, session.deadline())
    steps = around(session, call, spending, approve=approve)
    shares = decimal(expected, SHARES)
    preview = DepositPreview(
        decimal(tokens),
        shares,
        decimal(tokens) / shares if shares else Decimal(0),
        decimal(least, SHARES),
    )
    return prepare(session, "deposit", preview, steps, lambda _: stake(session))


def request_exit(session: Session, shares: Amount | None = None) -> Prepared[ExitPreview, Stake]:
    """Queue shares for redemption, all of them unless a number is given. It cannot be taken back."""
    vault, who = session.on.vault, session.who.address
    held = vault.balanceOf(who)
    amount = held if shares is None else scaled(shares, SHARES, "number of shares")
    if amount == 0 or amount > held:
        todo = (
            "`tandem deposit` gets some; --account names another"
            if shares is None
            else "ask for at most that many"
        )
        raise BalanceError(f"{who} has {shown(decimal(held, SHARES))} shares", todo)
    delay = vault.DELAY()
    epoch = (session.engine.now() + delay) // EPOCH + 1
    call = step(
        vault.requestRedeem(amount, who, who),
        f"ask to leave with {shown(decimal(amount, SHARES))} shares",
    )
    preview = ExitPreview(
        decimal(amount, SHARES),
        decimal(vault.convertToAssets(amount)),
        epoch,
        epoch * EPOCH,
    )
    return prepare(session, "exit", preview, [call], lambda _: stake(session))


def claim(session: Session, *, recipient: str | None = None) -> Prepared[ClaimPreview, Stake]:
    """Take what was set aside. Raises ClientError while nothing is."""
    vault, who, paid = session.on.vault, session.who.address, session.receiver(recipient)
    shares = vault.maxRedeem(who)
    if shares == 0:
        waiting = decimal(vault.pendingRedeemRequest(0, who), SHARES)
        raise ClientError(
            f"nothing can be claimed; {shown(waiting)} shares wait",
            _what_exits_wait_for(session) if waiting else "ask to leave first: `tandem exit`",
        )
    note = f"claim what was set aside{for_another(session, paid)}"
    call = step(vault.redeem(shares, paid, who), note)
    preview = ClaimPreview(decimal(shares, SHARES), decimal(vault.maxWithdraw(who)), paid)
    return prepare(session, "claim", preview, [call], lambda _: stake(session))


def _what_exits_wait_for(session: Session) -> str:
    """The rule, and what stops everybody's exits at this moment."""
    rule = "exits are processed by the hour after their delay, in a calm moment, as far as the floor allows"
    _, refused = processing(session.on.vault, session.who.address)
    return f"{rule}. Now: {explain(refused).what}" if refused else rule
