"""What traders do: mint, close, redeem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TypedDict

from tandem.client.allowance import Spending, around
from tandem.client.amounts import down, shown, up
from tandem.client.errors import (
    BalanceError,
    ClientError,
    NothingPaidError,
    refused,
)
from tandem.client.room import LEAST, rooms
from tandem.client.second import check_quote, most_of
from tandem.client.sending import Sent, Step
from tandem.client.session import Prepared, Session, for_another, prepare, reads, step
from tandem.errors import EngineError, Reverted
from tandem.protocol import deal
from tandem.protocol.bindings.market import OptionClosed, OptionMinted, Redeemed
from tandem.protocol.deal import Quote
from tandem.protocol.rounds import settlement_round
from tandem.protocol.series import Series, day_of, parse
from tandem.protocol.waits import snapshot_of
from tandem.units import Amount, decimal, parse_size, parse_usd


@dataclass(frozen=True, slots=True)
class MintPreview:
    """What a mint would take, and its bounds. most: USD; deadline: seconds; recipient: of the
    option."""

    quote: Quote
    most: Decimal
    deadline: int
    recipient: str


@dataclass(frozen=True, slots=True)
class ClosePreview:
    """What a close would pay, and its bounds. least: USD for all of the size asked, pro rata for a
    part; least_size: ETH, the smallest part that fills."""

    quote: Quote
    least: Decimal
    least_size: Decimal
    deadline: int
    recipient: str


@dataclass(frozen=True, slots=True)
class RedeemPreview:
    """What settled options pay. price: the settlement price, USD; settles: whether the expiry is
    settled in the same go, as its price is not fixed yet; recipient: of the payoff."""

    series: Series
    size: Decimal
    price: Decimal
    pays: Decimal
    settles: bool
    recipient: str


@dataclass(frozen=True, slots=True)
class Traded:
    """What a trade did. size: ETH; paid: USD, negative where it was received; holding: ETH of the
    series that the account has afterwards."""

    series: Series
    size: Decimal
    paid: Decimal
    spot: Decimal | None
    holding: Decimal


class MintBounds(TypedDict, total=False):
    """most: USD, everything included; deadline: the time of the last block that may take it, seconds;
    recipient: of the option; approve: False gives no allowance."""

    most: Amount | None
    deadline: int | None
    recipient: str | None
    approve: bool


class CloseBounds(TypedDict, total=False):
    """least: USD for all of the size; deadline: the time of the last block that may take it, seconds;
    recipient: of the payout."""

    least: Amount | None
    deadline: int | None
    recipient: str | None


def series_of(session: Session, named: Series | str) -> Series:
    """Raises SeriesError that says how names are made."""
    found = named if isinstance(named, Series) else parse(named, session.asset)
    return replace(found, asset=session.asset)


def quote(session: Session, named: Series | str, size: Amount, *, is_close: bool = False) -> Quote:
    """The trade's price now. Raises AmountError, SeriesError, ClientError with the refusal; of an open that
    is only too large it says how much would be taken."""
    wanted = deal.Wanted(series_of(session, named), parse_size(size), is_close)
    answer = deal.quotes(session.engine, session.on, [wanted])[0]
    if isinstance(answer, Reverted):
        error = refused(answer.reason, answer.data)
        error.hint += _room_in_words(session, wanted)
        raise error
    return answer


def _room_in_words(session: Session, wanted: deal.Wanted) -> str:
    """How much of a series opens now, where that is less than was asked for; "" where nothing does."""
    if wanted.is_close or wanted.units <= LEAST:
        return ""
    try:
        with session.engine.pinned():
            found = rooms(session.engine, session.on, [wanted.series], snapshot_of(session.on))
    except (EngineError, Reverted):
        return ""
    most = found[wanted.series].size
    if not 0 < most < decimal(wanted.units):
        return ""
    return f" Now {shown(most)} {session.asset} of it open at the most."


def mint(
    session: Session,
    named: Series | str,
    size: Amount,
    *,
    most: Amount | None = None,
    deadline: int | None = None,
    recipient: str | None = None,
    approve: bool = True,
) -> Prepared[MintPreview, Traded]:
    """Buy options. most: USD, everything included; the bound's default is the quoted total and the
    session's slippage."""
    quoted = quote(session, named, size)
    total = Fraction(quoted.total)
    bound = most_of(session, quoted) if most is None else parse_usd(most)
    preview = MintPreview(
        quoted,
        decimal(bound),
        session.deadline(deadline),
        session.receiver(recipient),
    )
    call = session.on.market.mint(
        quoted.series.id, parse_size(size), bound, preview.deadline, preview.recipient
    )
    note = f"mint {shown(quoted.asked)} {session.asset} of {quoted.series}"
    trade = step(call, note + for_another(session, preview.recipient))
    spending = Spending(up(total), bound, preview.deadline)
    steps = around(session, trade, spending, approve=approve)
    return prepare(
        session, "mint", preview, steps, lambda sent: _traded(session, quoted.series, sent)
    )


def close(
    session: Session,
    named: Series | str,
    size: Amount,
    *,
    least: Amount | None = None,
    deadline: int | None = None,
    recipient: str | None = None,
) -> Prepared[ClosePreview, Traded]:
    """Sell options back. least: USD for all of the size; the bound's default is the quoted total
    less the session's slippage. Where the floor lets only a part fill, that part less the slippage
    is the smallest that is taken."""
    units, series = parse_size(size), series_of(session, named)
    held = _holding(session, series)
    if held < units:
        raise BalanceError(
            f"{session.who.address} holds {shown(decimal(held))} {session.asset} of {series}",
            "close at most that; `tandem positions` shows what you hold",
        )
    quoted = quote(session, series, size, is_close=True)
    _check_pays(quoted)
    if least is None:
        check_quote(session, quoted)
    keep = 1 - Fraction(session.bounds.slippage)
    total, asked, fills = (Fraction(each) for each in (quoted.total, quoted.asked, quoted.size))
    whole = total * asked / fills if fills else total
    bound = down(whole * keep) if least is None else parse_usd(least)
    part = down(asked if fills == asked else fills * keep)
    preview = ClosePreview(
        quoted,
        decimal(bound),
        decimal(part),
        session.deadline(deadline),
        session.receiver(recipient),
    )
    call = session.on.market.close(
        series.id, units, part, bound, preview.deadline, preview.recipient
    )
    note = f"close {shown(quoted.asked)} {session.asset} of {series}"
    trade = step(call, note + for_another(session, preview.recipient))
    return prepare(session, "close", preview, [trade], lambda sent: _traded(session, series, sent))


def _check_pays(quoted: Quote) -> None:
    """Raises NothingPaidError where a close's costs are all that it is worth."""
    if quoted.total == 0:
        raise NothingPaidError(
            f"closing pays nothing now: of a mark of {shown(quoted.mark)} USD spread, fee and hedge leave "
            "nothing",
            "keep it: that costs nothing, and `tandem redeem` pays after expiry what it is worth then",
        )


def redeem(
    session: Session,
    named: Series | str,
    size: Amount | None = None,
    *,
    recipient: str | None = None,
) -> Prepared[RedeemPreview, Traded]:
    """Exchange options for their payoff, all that the account holds unless a size is given. An
    expiry that nobody has settled yet is settled first."""
    series, who, paid = series_of(session, named), session.who.address, session.receiver(recipient)
    units = _holding(session, series) if size is None else parse_size(size)
    if units == 0 or units > _holding(session, series):
        raise BalanceError(
            f"{who} holds {shown(decimal(_holding(session, series)))} {session.asset} of {series}",
            "`tandem positions` shows what you hold",
        )
    steps: list[Step] = []
    market = session.on.market
    price = market.settlement(series.expiry)
    if price == 0:
        round_id = _round(session, series)
        price = reads(session.on.spot.settlement_price, series.expiry, round_id)
        settle = step(market.settle(series.expiry, round_id), f"settle {day_of(series.expiry)}")
        steps.append(replace(settle, is_needed=lambda: market.settlement(series.expiry) == 0))
    call = market.redeem(series.id, units, who, paid)
    note = f"redeem {shown(decimal(units))} {session.asset} of {series}"
    steps.append(step(call, note + for_another(session, paid)))
    preview = RedeemPreview(
        series,
        decimal(units),
        decimal(price, 18),
        decimal(series.paid(units, price)),
        settles=len(steps) > 1,
        recipient=paid,
    )
    return prepare(session, "redeem", preview, steps, lambda sent: _traded(session, series, sent))


def _round(session: Session, series: Series) -> int:
    """The oracle round that settles the expiry."""
    now = session.engine.now()
    if now < series.expiry:
        raise ClientError(f"{series} has not expired", "`tandem close` sells it back until then")
    found = settlement_round(session.on.feed, session.on.spot, series.expiry)
    if found is None:
        raise refused("market: not settled")
    return found


def _holding(session: Session, series: Series) -> int:
    return session.on.option.balanceOf(session.who.address, series.id)


def _traded(session: Session, series: Series, sent: Sequence[Sent]) -> Traded:
    """What the events of the transaction say."""
    market, left = session.on.market, decimal(_holding(session, series))
    for minted in session.logs(sent, market, OptionMinted):
        paid, spot = decimal(cost_of(minted)), decimal(minted.spot, 18)
        return Traded(series, decimal(minted.units), paid, spot, left)
    for closed in session.logs(sent, market, OptionClosed):
        paid, spot = decimal(-closed.payout), decimal(closed.spot, 18)
        return Traded(series, decimal(closed.units), paid, spot, left)
    for redeemed in session.logs(sent, market, Redeemed):
        return Traded(series, decimal(redeemed.units), decimal(-redeemed.paid), None, left)
    raise ClientError(
        "the node's receipts say nothing of the trade", "ask another node: `tandem positions`"
    )


def cost_of(minted: OptionMinted) -> int:
    """Token units that a mint took, everything included."""
    hedge = deal.tokens_up(minted.hedge_cost)
    return minted.premium + minted.fee + minted.capital_charge + hedge
