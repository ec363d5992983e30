"""A report from its span to its figures: where states are, the change of NAV by cause; else what logs say was
paid, and why no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from keeper.replay.books import Books
from keeper.report.account import Account
from keeper.report.paid import Paid
from keeper.report.reading import Chain, Found, PastStateError, State
from tandem.engine.log_pages import block_at, time_of
from tandem.errors import ConfigError
from tandem.terminal.common import when
from tandem.units import DAY, HOUR, WAD

UNEXPLAINED = 0.01
"""USD of a step that no cause explains, from which on its logs are asked for again."""
MOST_AGAIN = 64
"""Steps of a report whose logs are asked for again: a market may hold what no log explains."""
EVERY = HOUR
"""Between two steps in which nothing happens, so that delta and gamma are told apart."""


@dataclass(frozen=True, slots=True)
class Span:
    """Blocks from the end of `first` to the end of `last`, and when they were made."""

    first: int
    last: int
    since: int
    until: int


@dataclass(slots=True)
class Told:
    """What a span comes to. account: None where no states were to be had."""

    span: Span
    paid: Paid
    account: Account | None = None
    notes: list[str] = field(default_factory=list)
    complete: bool = True
    asked_again: int = 0
    unread: int = 0
    """Steps whose state neither node nor contracts told, and that are part of the next one."""
    filled: int = 0
    """Events that a node had left out, and said when it was asked again."""


@dataclass(slots=True)
class Watch:
    """Who is told of progress, and who says that it ends early."""

    blocks: Callable[[int], None] = lambda _: None
    stops: Callable[[], bool] = lambda: False


def span_of(chain: Chain, deployed: int, since: int, until: int | None) -> Span:
    """The blocks of a span of time. Raises ConfigError where none is in it."""
    newest = chain.engine.block()
    now = chain.engine.now()
    end = now if until is None else min(until, now)
    first = block_at(chain.engine, since, deployed, newest)
    last = newest if until is None else block_at(chain.engine, end + 1, deployed, newest) - 1
    if first >= last:
        raise ConfigError(
            "no block of this market is in that span",
            f"the chain is at {when(now)}; give a --since before that, after which something was mined",
        )
    return Span(first, last, time_of(chain.engine, first), time_of(chain.engine, last))


def tell(
    chain: Chain, deployed: int, span: Span, watch: Watch | None = None,
    marks: Sequence[int] | None = None,
) -> Told:  # fmt: skip
    """Everything of the span. marks: blocks at which steps end, instead of those with events, midnights and
    one an hour. Raises EngineError where no node answers."""
    try:
        return _tell(chain, deployed, span, watch or Watch(), marks)
    finally:
        if chain.kept:
            chain.kept.flush()


def _tell(
    chain: Chain, deployed: int, span: Span, watch: Watch, marks: Sequence[int] | None
) -> Told:
    books = Books(chain.handles.market.IMPUTED() / WAD)
    decimals = chain.handles.vault.decimals()
    account = Account(books, decimals, chain.adapters)
    told = Told(span, Paid(decimals), account)
    try:
        first = chain.state(span.first)
    except PastStateError as error:
        told.account = None
        told.notes.append(f"{error.message}; {error.hint}")
        return _paid(chain, told, watch)
    for end, events in chain.events(deployed, span.first, trades_only=True):
        account.take(events)
        watch.blocks(end)
    if first is not None:
        account.close(account.step_to(_with_past(chain, deployed, first)))
    for block, events in _blocks(chain, span, marks, watch):
        told.paid.take(block, events)
        account.take(events)
        if watch.stops():
            told.complete = False
            break
        if marks is None or block in marks:
            _step(chain, told, block, deployed)
    if told.unread:
        told.notes.append(
            f"at {told.unread} blocks the state was not to be had: told with the next"
        )
    if account.whole is None:
        told.notes.append("the contracts did not say how the market stood at any block of the span")
    return told


def _with_past(chain: Chain, deployed: int, first: State) -> State:
    """The first state, with the last slices of what had expired and waited for its settlement."""
    surface = dict(first.surface)
    for expiry in (each.expiry for each in first.snapshot.expiries if each.units):
        if expiry not in surface:
            last = block_at(chain.engine, expiry, deployed, first.block) - 1
            before = chain.state(last)
            if before is not None and expiry in before.surface:
                surface[expiry] = before.surface[expiry]
    return replace(first, surface=surface)


def _paid(chain: Chain, told: Told, watch: Watch) -> Told:
    """Without states: what was paid, by day."""
    span = told.span
    told.paid.midnights = _midnights(chain, span)
    for end, events in chain.events(span.first + 1, span.last):
        for found in events:
            told.paid.take(found.block, [found])
        watch.blocks(end)
        if watch.stops():
            told.complete = False
            break
    return told


def _step(chain: Chain, told: Told, block: int, deployed: int) -> None:
    """End a step, with the events that are there once they explain what the states say."""
    account = told.account
    assert account is not None
    try:
        state = chain.state(block)
    except PastStateError:
        state = None
    if state is None:
        told.unread += 1  # what happened there is told with the next step
        return
    if account.whole is None:  # the block that was asked for did not say
        state = _with_past(chain, deployed, state)
    step = account.step_to(state)
    if abs(step.terms.residual) > UNEXPLAINED and _fill(chain, told, account, block):
        step = account.step_to(state)
    account.close(step)


def _fill(chain: Chain, told: Told, account: Account, last: int) -> bool:
    """Take in what a node left out of a step when it was asked first; whether it did."""
    if account.whole is None or told.asked_again >= MOST_AGAIN:
        return False
    told.asked_again += 1
    first = account.whole.end.block + 1
    known = account.places
    missing = [found for found in chain.again(first, last) if found.place not in known]
    told.filled += len(missing)
    told.paid.take(last, missing)
    account.take(missing)
    return bool(missing)


def _blocks(
    chain: Chain, span: Span, marks: Sequence[int] | None, watch: Watch
) -> Iterator[tuple[int, list[Found]]]:
    """Each block at which something happened or a step ends, in order, with its events."""
    grid = _grid(chain, span) if marks is None else list(marks)
    place = 0
    for end, events in chain.events(span.first + 1, span.last):
        by_block: dict[int, list[Found]] = {}
        for found in events:
            by_block.setdefault(found.block, []).append(found)
        while place < len(grid) and grid[place] <= end:
            by_block.setdefault(grid[place], [])
            place += 1
        yield from ((block, by_block[block]) for block in sorted(by_block))
        watch.blocks(end)


def _midnights(chain: Chain, span: Span) -> list[int]:
    """The first block of each day inside the span."""
    found: list[int] = []
    low = span.first
    for moment in range((span.since // DAY + 1) * DAY, span.until + 1, DAY):
        low = block_at(chain.engine, moment, low, span.last)
        found.append(low)
    return [block for block in found if span.first < block <= span.last]


def _grid(chain: Chain, span: Span) -> list[int]:
    """The last block of each day, about one step an hour, and the end. The hourly ones are multiples of a
    power of two: spans that overlap have the same, wherever they begin."""
    hour = (span.last - span.first) * EVERY // max(span.until - span.since, 1)
    width = 1 << max(hour.bit_length() - 1, 0)
    regular = range((span.first // width + 1) * width, span.last, width)
    last_of_days = (block - 1 for block in _midnights(chain, span) if block - 1 > span.first)
    return sorted({*regular, *last_of_days, span.last})
