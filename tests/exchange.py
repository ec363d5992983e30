"""An exchange on the loopback that answers as Deribit does, from quotes that a test knows or that were
recorded; and what may be wrong with an answer."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from scipy.special import ndtr

from tandem.units import DAY, YEAR

FORWARD = 2_500.0
DAYS = (9, 16, 30, 58)


@dataclass(frozen=True, slots=True)
class Option:
    """One line of the exchange's. Prices in units of the asset, iv 1.0 = 100 %, times in seconds."""

    expiry: int
    strike: float
    is_put: bool
    forward: float | None
    iv: float | None
    bid: float | None
    ask: float | None
    mark: float
    made: float
    asset: str = "ETH"

    @property
    def name(self) -> str:
        """As the exchange calls it: ETH-9JAN26-2500-C."""
        day = datetime.fromtimestamp(self.expiry, UTC)
        date = f"{day.day}{day:%b%y}".upper()
        return f"{self.asset}-{date}-{self.strike:g}-{'P' if self.is_put else 'C'}"

    def listed(self) -> dict[str, Any]:
        """Of public/get_instruments."""
        return {
            "tick_size": 0.0001, "taker_commission": 0.0003, "maker_commission": 0.0003,
            "strike": self.strike, "settlement_period": "week", "min_trade_amount": 1,
            "settlement_currency": self.asset, "quote_currency": self.asset,
            "counter_currency": "USD", "base_currency": self.asset, "kind": "option",
            "option_type": "put" if self.is_put else "call", "is_active": True,
            "instrument_name": self.name, "instrument_type": "reversed", "contract_size": 1,
            "expiration_timestamp": self.expiry * 1_000, "creation_timestamp": 1_648_199_543_000,
            "block_trade_commission": 0.0003,
        }  # fmt: skip

    def quoted(self) -> dict[str, Any]:
        """Of public/get_book_summary_by_currency."""
        return {
            "mid_price": None, "volume_usd": 0.0, "quote_currency": self.asset,
            "estimated_delivery_price": FORWARD, "creation_timestamp": int(self.made * 1_000),
            "base_currency": self.asset, "underlying_index": f"{self.asset}-SYN",
            "underlying_price": self.forward, "volume": 0.0, "interest_rate": 0.0,
            "price_change": None, "open_interest": 12.0, "ask_price": self.ask,
            "bid_price": self.bid, "instrument_name": self.name, "mark_price": self.mark,
            "mark_iv": None if self.iv is None else round(self.iv * 100.0, 2),
            "last": None, "low": None, "high": None,
        }  # fmt: skip


def option_of(now: float, expiry: int, strike: float, is_put: bool, iv: float) -> Option:
    """One that is marked where its volatility has it, quoted a tenth around that."""
    width = iv * np.sqrt((expiry - now) / YEAR)
    d1 = np.log(FORWARD / strike) / width + width / 2
    call = FORWARD * ndtr(d1) - strike * ndtr(d1 - width)
    mark = float(call - FORWARD + strike if is_put else call) / FORWARD
    return Option(
        expiry, strike, is_put, FORWARD, iv, 0.95 * mark or None, 1.05 * mark or None, mark, now
    )


def smile(k: float) -> float:
    """The volatility that the sample is quoted with, by ln(K / F)."""
    return 0.6 - 0.15 * k + 0.3 * k * k


def sample(now: float, days: Sequence[int] = DAYS, level: float = 1.0) -> list[Option]:
    """A chain whose smile is known: the same at every expiry."""
    expiries = [int(now) // DAY * DAY + each * DAY + 8 * 3_600 for each in days]
    return [
        option_of(now, expiry, strike, is_put, level * smile(float(np.log(strike / FORWARD))))
        for expiry in expiries
        for strike in np.linspace(1_800, 3_400, 17).tolist()
        for is_put in (False, True)
    ]


@dataclass(slots=True)
class LocalExchange:
    """options: what it lists and quotes; broken: what is done to an answer, by its path."""

    options: Callable[[], list[Option]]
    broken: Callable[[BaseHTTPRequestHandler, str, bytes], None] | None = None
    url: str = ""
    asked: list[str] = field(default_factory=list)
    mixed: bool = False
    """Whether it answers with other currencies' options, too."""

    def answer(self, path: str, currency: str) -> dict[str, Any]:
        mine = [each for each in self.options() if self.mixed or each.asset == currency]
        listed = path.endswith("/get_instruments")
        result = [each.listed() if listed else each.quoted() for each in mine]
        return {
            "jsonrpc": "2.0", "result": result, "usIn": 1, "usOut": 2, "usDiff": 1,
            "testnet": False,
        }  # fmt: skip


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def local_exchange(options: Callable[[], list[Option]]) -> Iterator[LocalExchange]:
    """On a port of the loopback, until the block ends."""
    exchange = LocalExchange(options)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            exchange.asked.append(parts.path)
            currency = parse_qs(parts.query).get("currency", [""])[0]
            body = json.dumps(exchange.answer(parts.path, currency)).encode()
            if exchange.broken:
                exchange.broken(self, parts.path, body)
            else:
                send(self, body)

        def log_message(self, *args: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    exchange.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield exchange
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def aged(options: list[Option], seconds: float) -> list[Option]:
    return [replace(each, made=each.made - seconds) for each in options]


def drip(handler: BaseHTTPRequestHandler, path: str, body: bytes) -> None:
    """A byte now and then: no wait for a single one ever ends a request."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for byte in body:
        try:
            handler.wfile.write(bytes([byte]))
        except OSError:
            return
        time.sleep(0.05)
