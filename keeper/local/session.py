"""A local market from its opening to its end: the loop that lets time pass, and the keeper beside it."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from keeper.local.market import LocalMarket, LocalSettings, open_market
from keeper.local.page import showing
from keeper.local.prices import Prices
from keeper.local.process import KeeperProcess, folder_of, keeping
from tandem.engine.anvil import HOST, free_port
from tandem.errors import EngineError
from tandem.terminal.ending import Signalled, ending_signals, let_go_after, say_at_once

TICK_SECONDS = 1.0
READY_SECONDS = 90.0
SAY_SECONDS = 60.0

Say = Callable[[str], None]


class Stop(threading.Event):
    """number: of the signal that set it."""

    number = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """Where to look. page: "" where it was not built; metrics: the keeper's own port."""

    page: str
    metrics: str


def live(
    settings: LocalSettings,
    prices: Prices,
    vol: float,
    lasting: float | None,
    announce: Callable[[LocalMarket, Shown], None],
    say: Say,
) -> None:
    """Open a market, announce it with its page once a trade would go through, and keep it alive until a
    signal, or for `lasting` seconds. Raises EngineError when its keeper ends as soon as it is started, and
    Signalled where a signal came before it was announced."""
    with stopping() as stop:
        say("starting a chain, deploying the venue and the protocol")
        figures = free_port()
        with (
            open_market(settings, prices) as market,
            keeping(
                market.node.url, settings.file, folder_of(settings.port), vol, figures
            ) as keeper,
            showing(market.node.url, settings.file, figures) as page,
        ):
            say("the keeper brings margin and surfaces")
            _wait(market, keeper, stop)
            if stop.is_set():
                raise Signalled(stop.number)
            announce(market, Shown(page, f"http://{HOST}:{figures}"))
            _tick(market, keeper, stop, lasting, say)


def _wait(market: LocalMarket, keeper: KeeperProcess, stop: threading.Event) -> None:
    until = time.monotonic() + READY_SECONDS
    while not (stop.is_set() or market.is_ready()):
        keeper.check()
        if time.monotonic() > until:
            raise EngineError(
                f"nothing can be traded after {READY_SECONDS:.0f} s", f"see {keeper.log}"
            )
        market.tick(TICK_SECONDS)
        stop.wait(TICK_SECONDS)


def _tick(
    market: LocalMarket,
    keeper: KeeperProcess,
    stop: threading.Event,
    lasting: float | None,
    say: Say,
) -> None:
    """One look a second, and a line a minute."""
    began = last = said = time.monotonic()
    ended = False
    while not stop.wait(max(0.0, last + TICK_SECONDS - time.monotonic())):
        now = time.monotonic()
        if lasting is not None and now - began >= lasting:
            return
        if ended_and_begun := keeper.tend():
            say(ended_and_begun)
        market.tick(now - last)
        last = now
        if market.prices.ended(market.seconds) and not ended:
            ended = True
            say("the recorded prices have ended: the last one stays")
        if now - said >= SAY_SECONDS:
            said = now
            say(market.status())
            for line in market.refusals():
                say(f"refused: {line}")


@contextmanager
def stopping() -> Generator[Stop]:
    """Ctrl-C, SIGTERM and a closed terminal set the flag, so that everything is ended in order."""
    stop = Stop()

    def end(number: int, _frame: FrameType | None) -> None:
        let_go_after(number)
        # what is being opened is opened before it is taken down, which takes some seconds
        if not stop.is_set():
            say_at_once("ending")
        stop.number = number
        stop.set()

    before = {name: signal.signal(name, end) for name in ending_signals()}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
