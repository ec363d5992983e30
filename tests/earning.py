"""A market in which every cause of what it earned comes about, for a page that tells of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from browsing import LP, TRADER, Window

from keeper.report import session
from keeper.report.figures import figures
from keeper.report.reading import Chain, Found
from keeper.report.session import Span
from tandem.client import Client
from tandem.client.errors import RefusedError
from tandem.engine.log_pages import block_at, time_of
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.deployment import Deployment, handles
from tandem.protocol.series import Series
from tandem.units import WAD

HOUR, DAY = 3_600, 86_400


@dataclass(frozen=True)
class Past:
    """A market in which an LP came twice, gave shares away and asked to leave, and an expiry was settled.
    start: its first block; given: the block at which he gave the last away."""

    window: Window
    account: str
    start: int
    given: int

    @property
    def chain(self) -> Chain:
        engine = RemoteEngine(Node(self.window.rpc).request)
        return Chain(engine, handles(engine, Deployment.load(self.window.up.file)))

    def found(self, name: str) -> list[Found]:
        """Events of that name, oldest first."""
        last = self.window.engine.block()
        pages = self.chain.events(self.start, last)
        return [each for _, page in pages for each in page if each.event.name == name]

    @property
    def came(self) -> list[int]:
        """Blocks of his two deposits."""
        own = [each.block for each in self.found("Deposit") if each.event["owner"] == self.account]
        assert len(own) == 2
        return own

    def begin_of(self, last: int, seconds: int) -> int:
        """The block from which on the page reads a span that ends at `last`: a whole minute's."""
        engine = self.chain.engine
        moment = (time_of(engine, last) - seconds) // 60 * 60
        return block_at(engine, moment, self.start, last - 1)

    def told(self, first: int, last: int, marks: list[int] | None = None) -> dict[str, Any]:
        """What `tandem report --json` prints of these blocks."""
        chain = self.chain
        span = Span(first, last, time_of(chain.engine, first), time_of(chain.engine, last))
        found = session.tell(chain, self.start, span, marks=marks)
        return figures(found, "", "ETH", None)

    def page(self, first: int, last: int | str = "", account: str = "") -> dict[str, Any]:
        """What the page works out of the same blocks; account: who looks, the LP unless told."""
        who = account or self.account
        asked = (self.window.rpc, str(self.window.up.file), who, str(first), str(last))
        return json.loads(self.window.node("tests/causes.ts", *asked))


def patiently(act: Callable[..., object], *args: Any, seconds: float = 60.0) -> None:
    """Tries again what a market that lives refuses for a moment: arbitrage is a block behind the feed."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            act(*args)
            return
        except RefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def warp(window: Window, seconds: int) -> None:
    window.engine.request("evm_increaseTime", [seconds])
    window.engine.request("evm_mine", [])


def until(is_so: Callable[[], bool], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.3)


def spread(trader: Client) -> Series:
    """A put with a floor: of the last expiry, at the money, down to three strikes below."""
    puts = [each.series for each in trader.chain("1", room=False).options if each.series.is_put]
    last = [series for series in puts if series.expiry == max(each.expiry for each in puts)]
    strikes = sorted(series.strike for series in last)
    middle = len(strikes) // 2
    return Series(last[0].expiry, True, strikes[middle], strikes[middle - 3])


def lived_through(window: Window) -> Past:
    """The past of a market whose prices move, so that no cause is nothing."""
    accounts, engine = window.engine.accounts, window.engine
    trader = Client.connect(window.rpc, window.up.file, accounts[TRADER])
    lp = Client.connect(window.rpc, window.up.file, accounts[LP])
    vault, market = lp.session.on.vault, lp.session.on.market
    patiently(trader.mint, "ATM-14D-P", "6")
    patiently(trader.mint, spread(trader), "4")
    patiently(lp.deposit, "200000")
    patiently(trader.mint, "ATM-14D-C", "8")
    time.sleep(3)
    warp(window, 2 * HOUR)
    time.sleep(3)
    patiently(trader.close, "ATM-14D-C", "3")
    patiently(lp.deposit, "50000")
    warp(window, HOUR // 2)  # so that a step is longer than a block
    time.sleep(3)
    for part in (3_000, 4_000):  # in two blocks, of which one at least ends no step by itself
        given = vault.transfer(accounts[2], part * WAD).send(accounts[LP])
    patiently(lp.request_exit, "40000")
    expiry = min(each.expiry for each in lp.session.on.lens.snapshot().expiries if each.units)
    warp(window, DAY + HOUR)
    until(lambda: vault.maxWithdraw(accounts[LP]) > 0)
    warp(window, expiry - engine.now() + HOUR)
    until(lambda: market.settlement(expiry) > 0)
    for size in ("2", "3", "4"):
        time.sleep(4)
        patiently(trader.mint, "ATM-14D-P", size)
        warp(window, 2 * HOUR)
    time.sleep(4)
    start = Deployment.load(window.up.file).block
    return Past(window, accounts[LP], start, given.block)
