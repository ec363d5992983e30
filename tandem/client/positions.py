"""What an account holds, what it paid and received for it, and what it is worth now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tandem.client.allowance import standing
from tandem.client.history import events
from tandem.client.liquidity import Stake, stake
from tandem.client.session import Session
from tandem.client.trades import cost_of
from tandem.engine.base import NOBODY, Call
from tandem.errors import Reverted
from tandem.protocol.bindings.market import OptionClosed, OptionMinted, Redeemed
from tandem.protocol.bindings.option_token import Transfer
from tandem.protocol.bindings.structs import Answer
from tandem.protocol.deal import Wanted, quotes
from tandem.protocol.series import Series
from tandem.units import decimal

LEAST_TRADE = Decimal("0.01")
"""ETH: less of an option, which anybody may send, is no stake in it."""


@dataclass(frozen=True, slots=True)
class Position:
    """One series. size: ETH held now; paid, received: USD over all of the account's mints, closes
    and redemptions; transferred: ETH that came (or, negative, went) by other ways, whose cost is
    not known; moved: ETH that transfers brought and took together. value: USD that closing all of it
    pays now, or its settled payoff; None where it cannot be closed now, for the reason in `no_value`."""

    series: Series
    size: Decimal
    paid: Decimal
    received: Decimal
    transferred: Decimal
    moved: Decimal
    settlement: Decimal | None
    value: Decimal | None
    no_value: str

    @property
    def profit(self) -> Decimal | None:
        """USD: received and value less paid. None while there is no value, and where transfers moved as much
        as a trade may be: what came by them cost something that nobody knows."""
        if self.value is None or self.moved >= LEAST_TRADE:
            return None
        return self.received + self.value - self.paid

    def payoff(self, price: float) -> float:
        """USD that the holding is paid at a settlement price."""
        return self.series.payoff(price) * float(self.size)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """An account at one block. options: whatever it ever held; stake: as an LP; allowance: USD that the
    Vault may take from it, more than none between transactions only where one was cut short, or where
    the account wanted it so."""

    account: str
    block: int
    timestamp: int
    spot: Decimal
    options: tuple[Position, ...]
    stake: Stake
    allowance: Decimal

    @property
    def held(self) -> tuple[Position, ...]:
        """The positions that are not closed."""
        return tuple(position for position in self.options if position.size)


@dataclass(slots=True)
class _Flow:
    """Of one series: units minted less burned, token units paid and received, units that transfers moved."""

    units: int = 0
    paid: int = 0
    received: int = 0
    moved: int = 0

    def add(self, units: int, *, paid: int = 0, received: int = 0) -> None:
        self.units += units
        self.paid += paid
        self.received += received


def read(session: Session) -> Portfolio:
    """Everything that the account ever held, by its events, valued at the latest block. What is traded
    while its past is read is read after it: it would be held without a cost, and its price be profit."""
    engine, on, who = session.engine, session.on, session.who.address
    flows, known = dict[Series, _Flow](), engine.block()
    _read(session, who, flows, (session.deployment.block, known))
    with engine.pinned():
        block, time = engine.stands()
        _read(session, who, flows, (known + 1, block))
        every = sorted(flows)
        spot, *answers = engine.call_many(
            [
                Call(on.spot, "peek", (), who),
                *(Call(on.option, "balanceOf", (who, s.id), who) for s in every),
                *(Call(on.market, "settlement", (s.expiry,), who) for s in every),
            ]
        )
        held = dict(zip(every, answers[: len(every)], strict=True))
        prices = dict(zip(every, answers[len(every) :], strict=True))
        values = _values(session, held, prices)
        mine, allowed = stake(session), standing(session)
    return Portfolio(
        who,
        block,
        time,
        decimal(Answer.decode(spot).price, 18),
        tuple(_position(s, flows[s], held[s], prices[s], *values[s]) for s in every),
        mine,
        allowed,
    )


def _read(session: Session, who: str, flows: dict[Series, _Flow], blocks: tuple[int, int]) -> None:
    """What a stretch of blocks brought, by series. What came by a transfer is found by the token's events,
    and costs nothing known. Nothing of a series anybody may send and redeem for others, of series too that
    there never were: it is passed over."""
    on = session.on

    def flow(id_: int) -> _Flow:
        return flows.setdefault(Series.from_id(id_, session.asset), _Flow())

    for end in ("receiver", "sender"):
        for sent in events(session, on.option, Transfer, blocks, **{end: who}):
            if sent.amount:
                flow(sent.id).moved += 0 if NOBODY in (sent.sender, sent.receiver) else sent.amount
    for minted in events(session, on.market, OptionMinted, blocks, owner=who):
        flow(minted.series).add(minted.units, paid=cost_of(minted))
    for closed in events(session, on.market, OptionClosed, blocks, owner=who):
        flow(closed.series).add(-closed.units, received=closed.payout)
    for redeemed in events(session, on.market, Redeemed, blocks, owner=who):
        if redeemed.units:
            flow(redeemed.series).add(-redeemed.units, received=redeemed.paid)


def _values(
    session: Session, held: Mapping[Series, int], prices: Mapping[Series, int]
) -> dict[Series, tuple[Decimal | None, str]]:
    """What each holding is worth: a close's quote, or its payoff once it is settled."""
    live = [s for s, units in held.items() if units and not prices[s]]
    wanted = [Wanted(s, held[s], is_close=True) for s in live]
    answers = dict(zip(live, quotes(session.engine, session.on, wanted), strict=True))
    values: dict[Series, tuple[Decimal | None, str]] = {}
    for series, units in held.items():
        answer = answers.get(series)
        if answer is None:
            values[series] = decimal(series.paid(units, prices[series])), ""
        elif isinstance(answer, Reverted):
            values[series] = None, answer.reason
        elif answer.short:
            values[series] = None, answer.short
        else:
            values[series] = answer.total, ""
    return values


def _position(
    series: Series, flow: _Flow, units: int, price: int, value: Decimal | None, no_value: str
) -> Position:
    return Position(
        series=series,
        size=decimal(units),
        paid=decimal(flow.paid),
        received=decimal(flow.received),
        transferred=decimal(units - flow.units),
        moved=decimal(flow.moved),
        settlement=decimal(price, 18) if price else None,
        value=value,
        no_value=no_value,
    )


def curve(positions: Sequence[Position], prices: Sequence[float]) -> list[float]:
    """USD that holdings of one expiry are paid together, at each settlement price."""
    return [sum(position.payoff(price) for position in positions) for price in prices]
