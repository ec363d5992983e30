"""How much of each limit is used: what a trade, an hour, a day, the book and the venue may still take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tandem.client import bounty, breaker, lending
from tandem.errors import Reverted
from tandem.protocol import terms
from tandem.protocol.bindings.structs import Due, Snapshot, VenueLosses
from tandem.protocol.deployment import Deployment
from tandem.protocol.handles import Handles
from tandem.protocol.series import MAX_EXPIRIES, MAX_NODES
from tandem.protocol.waits import AVERAGED_SECONDS
from tandem.units import ETHER, UNIT, USD, WAD

BAR = 6


@dataclass(frozen=True, slots=True)
class Limit:
    """name: with its unit. used, most: in that unit, None where nobody can say."""

    name: str
    used: float | None
    most: float | None

    @property
    def share(self) -> float | None:
        """Used of most; all of it where there is no room at all, None where nothing is said."""
        if self.used is None or self.most is None:
            return None
        if self.most > 0:
            return self.used / self.most
        return 1.0 if self.used > 0 else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What limits need beside a snapshot, each from the contract that refuses by it. depth: of the venue's
    market, WAD ETH; price: of a share, WAD USD; lost: by the venue's name; lendable, bounties: token units,
    the second of today; due: the bounty's offer."""

    depth: int | None
    price: float
    lost: Mapping[str, VenueLosses]
    lendable: int
    bounties: int
    due: Due | None
    asset: str = ETHER


def ask(deployment: Deployment, h: Handles, s: Snapshot, base_fee: int) -> Asked:
    """At the block that calls are pinned to, whose state `s` is. base_fee: wei."""
    return Asked(
        depth(h), share_price(h, s), lending.losses(deployment, h), lending.lendable(h),
        h.bounty.paid_today(), bounty.offer(h, base_fee), h.asset,
    )  # fmt: skip


def depth(h: Handles) -> int | None:
    """What the next mark counts as the market's depth, WAD ETH: what is there, and no more than is there
    steadily, or was when something last went home. None where the venue does not answer."""
    try:
        market = h.venue.average(AVERAGED_SECONDS)
    except Reverted:
        return None
    return min(market.depth, max(h.router.ledger().depth, market.steady_depth))


def share_price(h: Handles, s: Snapshot) -> float:
    """Of a share as it was marked last, WAD USD; 0.0 where there are none."""
    supply = h.vault.totalSupply()
    return s.funds.nav * WAD**2 / USD / supply if supply else 0.0


def limits(s: Snapshot, asked: Asked) -> tuple[Limit, ...]:
    """Each limit and what is used of it."""
    words = terms.unpack(s.terms)
    return (
        *_of_opens(s, words, asked.depth, asked.asset),
        *_of_the_hedge(s, words, asked),
        *_of_a_day(s, words, asked.price),
    )


def _of_opens(s: Snapshot, words: dict[str, int], there: int | None, asset: str) -> list[Limit]:
    nav, spot = s.funds.nav / USD, s.spot / WAD
    kept = min(nav * words["reserve"] / 1e4, s.maxima / USD) + s.funds.queued / USD
    hours = words["chunk"] / 1e4 * 60 * words["unwind"]
    largest = nav * terms.max_trade(words) / 1e4
    hour = s.gate.mark.hour
    marked = s.gate.mark.time > 0
    return [
        Limit("worst jump, USD", s.gate.worst / WAD if marked else None, s.gate.limit / WAD),
        Limit(
            f"hour's opens, {asset}", (hour - s.gate.room) / UNIT if marked else None, hour / UNIT
        ),
        Limit(
            f"open by depth, {asset}",
            s.gross / UNIT,
            None if there is None else there / WAD * hours,
        ),
        Limit(
            "vega, USD a vol point", abs(s.stance.vega) / WAD / 100, nav * words["vega_cap"] / 1e5
        ),
        Limit(
            "gamma, USD per 1 %",
            abs(s.stance.gamma) / WAD * spot * spot / 100,
            nav * words["gamma_cap"] / 1e4,
        ),
        Limit("one trade, USD", None, largest),
        Limit(f"one trade, {asset}", None, largest / spot if spot else None),
        Limit("kept of the floor, USD", kept + nav * words["exit_share"] / 1e4, s.floor / USD),
        Limit("expiries", len(s.expiries), MAX_EXPIRIES),
        Limit(
            "strikes of an expiry", max((len(e.strikes) for e in s.expiries), default=0), MAX_NODES
        ),
    ]


def _of_the_hedge(s: Snapshot, words: dict[str, int], asked: Asked) -> list[Limit]:
    budget = s.funds.nav * words["bounty"] // 100_000
    return [
        Limit(f"residual, {asked.asset}", abs(s.stance.residual) / WAD, s.stance.hard / WAD),
        Limit(
            "next top-up, USD", s.lacking / USD if s.account_known else None, asked.lendable / USD
        ),
        *_losses(asked.lost),
        Limit("bounties today, USD", asked.bounties / USD, budget / USD),
    ]


def _losses(lost: Mapping[str, VenueLosses]) -> list[Limit]:
    """Each venue's own; the only one needs no name."""
    return [
        Limit(
            "venue losses, USD" if len(lost) == 1 else f"losses at {name}, USD",
            at.lost / USD,
            at.cap / USD,
        )
        for name, at in lost.items()
    ]


def _of_a_day(s: Snapshot, words: dict[str, int], price: float) -> list[Limit]:
    """What trips the breaker, past it: as the last look left it and time has leaked it since."""
    nav, state = s.funds.nav / USD, breaker.now(s.breaker, s.timestamp)
    fall = max(1 - price / state.share, 0.0) if state.share and price else None
    return [
        Limit("unexplained today, USD", state.lost / USD, nav * words["venue_loss"] / 1e4),
        Limit("funding today, USD", state.drained / USD, nav * words["drain"] / 1e5),
        Limit("share's fall, %", None if fall is None else fall * 100, words["share_fall"] / 100),
    ]


def plain(found: tuple[Limit, ...]) -> list[dict[str, object]]:
    """The same as data."""
    return [{"limit": x.name, "used": x.used, "of": x.most, "share": x.share} for x in found]


def rows(found: tuple[Limit, ...]) -> list[list[str]]:
    """A table, its head first: names, figures, and a bar where people would look rather than read."""
    body = [[x.name, _figure(x.used), _figure(x.most), _bar(x.share)] for x in found]
    return [["limit", "used", "of", "share"], *body]


def _figure(amount: float | None) -> str:
    if amount is None:
        return "–"
    if amount >= 1_000 or amount == int(amount):
        return f"{amount:,.0f}"
    return f"{amount:.2f}" if amount >= 10 else f"{amount:.4f}"


def _bar(share: float | None) -> str:
    if share is None:
        return ""
    full = min(round(share * BAR), BAR)
    told = f"{share * 100:.0f} %" if share < 10 else "> 999 %"
    return f"{'█' * full}{'·' * (BAR - full)} {told:>7}"
