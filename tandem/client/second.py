"""What another node says, where several are named: a price, a number of shares or a risk that only the first
one knows is signed by nobody. One that is away, or refuses, says nothing against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from tandem.client.amounts import down, shown, up
from tandem.client.errors import NeverWorthError, NodesDisagreeError
from tandem.client.session import Session
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError, Reverted
from tandem.protocol.deal import Quote, Wanted, quotes
from tandem.protocol.handles import through
from tandem.units import decimal

T = TypeVar("T")
HINT = "nothing was sent: ask a node that you trust alone (--rpc), or state the bound yourself ({})"


def engines(engine: RemoteEngine) -> Iterator[RemoteEngine]:
    """Each of several nodes by itself, as far as it answers; none where one alone is named."""
    for node in engine.node.alone() if engine.node else ():
        try:
            yield RemoteEngine.over(node, is_development=engine.is_development)
        except EngineError:
            continue
        finally:
            node.close()


def said(session: Session, ask: Callable[[Session], T]) -> list[T]:
    """What each of several nodes answers by itself."""
    found: list[T] = []
    for engine in engines(session.engine):
        alone = replace(session, engine=engine, on=through(engine, session.on))
        try:
            found.append(ask(alone))
        except (EngineError, Reverted):
            continue
    return found


def most_of(session: Session, quoted: Quote) -> int:
    """What a mint may take where nobody says, token units: no more than another node's word, and than the
    option can ever pay, which takes no node's. Raises NeverWorthError, NodesDisagreeError."""
    total, worth = Fraction(quoted.total), quoted.series.most * units_of(quoted)
    if up(total) > worth:
        raise NeverWorthError(
            f"by the node's word {shown(quoted.asked)} of {quoted.series} costs {shown(quoted.total)} USD, "
            f"and it pays {shown(decimal(worth))} at the most",
            "nothing was sent: ask another node, or say with --most what you pay for it",
        )
    check_quote(session, quoted)
    return min(up(total * (1 + Fraction(session.bounds.slippage))), worth)


def units_of(quoted: Quote) -> int:
    """That were asked about, 1e-6."""
    return down(Fraction(quoted.asked))


def check_quote(session: Session, quoted: Quote) -> None:
    """Raises NodesDisagreeError where the price is worse than another node's by more than the slippage."""
    wanted = Wanted(quoted.series, units_of(quoted), quoted.is_close)
    slippage = Fraction(session.bounds.slippage)
    for other in said(session, lambda alone: quotes(alone.engine, alone.on, [wanted])[0]):
        if isinstance(other, Reverted) or not other.size or not quoted.size:
            continue
        here, there = (Fraction(each.total) / Fraction(each.size) for each in (quoted, other))
        if here < there * (1 - slippage) if quoted.is_close else here > there * (1 + slippage):
            raise NodesDisagreeError(
                f"one node quotes {quoted.total:,.2f} USD for {quoted.size:f}, "
                f"another {other.total:,.2f} for {other.size:f}",
                HINT.format("--least" if quoted.is_close else "--most"),
            )


def check_shares(session: Session, expected: int, least: int, tokens: int) -> None:
    """Raises NodesDisagreeError where another node says that a deposit brings more than is let go for safety.
    expected: shares by the first; least: of them that are bound to come."""
    for other in said(session, lambda alone: alone.on.vault.previewDeposit(tokens)):
        if expected * expected < other * least:
            raise NodesDisagreeError(
                f"one node says that the deposit brings {expected / 10**18:,.6f} shares, "
                f"another {other / 10**18:,.6f}",
                HINT.format("--min-shares"),
            )
