"""The option chain that an exchange quotes now, by ccxt: what can be believed of its answers, as a `Chain`.

Deribit quotes prices in units of the asset and volatility in percent; its future of the same expiry is the
forward. A quote says itself when it was made.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from tandem.feeds.chain import Chain
from tandem.feeds.errors import QuotesError
from tandem.feeds.surface import Exchange
from tandem.model.black76 import price
from tandem.units import HOUR, YEAR

REQUEST_SECONDS = 10.0
"""For a connection, or for a byte."""
OLDEST_SECONDS = 120.0
"""Age at which a quote says nothing of now."""
AHEAD_SECONDS = 30.0
"""By which an exchange's clock may be ahead of ours."""
APART = 0.05
"""Share by which a mark near the forward may differ from what its own volatility makes it; 0.008 was seen."""
NOTHING = "look at the exchange's status page and at this machine's clock and network"
ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a library stumbles with over an answer of another shape."""


class _Row(NamedTuple):
    """made: seconds UTC; bid, ask, mark in units of the asset, 0 for none; iv: 1.0 = 100 %."""

    made: float
    expiry: int
    strike: float
    is_put: bool
    forward: float
    iv: float
    bid: float
    ask: float
    mark: float
    interest: float


@dataclass(slots=True)
class Quotes:
    """Option quotes on one asset. url: in place of the exchange's own address."""

    exchange: Exchange
    asset: str
    url: str = ""
    oldest: float = OLDEST_SECONDS
    clock: Callable[[], float] = time.time
    _api: Any = field(default=None, init=False)
    _listed: float = field(default=0.0, init=False)
    """When it was asked for what it lists."""

    def chain(self) -> Chain:
        """What it quotes now. Raises QuotesError."""
        import ccxt  # takes seconds to load, which no other keeper waits for

        try:
            if self._api is None:
                self._api = self._made(getattr(ccxt, self.exchange))
            rows = list(self._rows())
        except ccxt.BaseError as error:
            raise QuotesError(f"{self.exchange}: {self._short(error)}", NOTHING) from error
        except ODD as error:
            said = f"{self.exchange} answers in another shape: {self._short(error)}"
            raise QuotesError(said, NOTHING) from error
        return self._believed(rows)

    def _made(self, kind: Callable[[dict[str, Any]], Any]) -> Any:
        api = kind({"timeout": REQUEST_SECONDS * 1_000, "enableRateLimit": True})
        api.has["fetchCurrencies"] = False  # a request more, for what is not looked at
        if self.url:
            api.urls["api"] = dict.fromkeys(api.urls["api"], self.url.rstrip("/"))
        return api

    def _rows(self) -> Iterator[_Row]:
        """What the library makes of the answers. New strikes are known within the hour."""
        api, now = self._api, self.clock()
        if now - self._listed >= HOUR:
            if not api.load_markets(True, {"currency": self.asset, "kind": "option"}):
                raise QuotesError(f"{self.exchange} lists no options on {self.asset}", NOTHING)
            self._listed = now
        for option in api.fetch_option_chain(self.asset).values():
            market = api.markets.get(option["symbol"])
            if market and market["option"] and self._is_ours(market, option["info"]):
                yield _row(option, market)

    def _is_ours(self, market: Mapping[str, Any], info: Mapping[str, Any]) -> bool:
        """Whether it is on the asset, and paid in it."""
        return market["base"] == market["settle"] == self.asset == info["base_currency"]

    def _short(self, error: BaseException) -> str:
        """What a library says, without the answer that it repeats or an address that may hold a secret."""
        said = " ".join(f"{type(error).__name__} {error}".split())
        said = said.replace(self.url.rstrip("/"), "…") if self.url else said
        return said if len(said) <= 160 else f"{said[:160]}…"

    def _believed(self, rows: list[_Row]) -> Chain:
        """A chain of the moment of its oldest quote."""
        if not rows:
            raise QuotesError(f"{self.exchange} quotes no options on {self.asset}", NOTHING)
        now, left_out = self.clock(), Counter[str]()
        good: list[_Row] = []
        for row in rows:
            if reason := _fault(row, now, self.oldest):
                left_out[reason] += 1
            else:
                good.append(row)
        if not good:
            why = ", ".join(f"{n} {reason}" for reason, n in left_out.most_common(3))
            raise QuotesError(
                f"no quote of {self.exchange} on {self.asset} is believed: {why}", NOTHING
            )
        good.sort(key=lambda row: (row.expiry, row.strike, row.is_put))
        made = int(min(row.made for row in good))
        columns = [np.array(each) for each in zip(*good, strict=True)]
        whole = dict(zip(_Row._fields, columns, strict=True))
        chain = Chain(
            timestamp=np.full(len(good), made, dtype=np.int64),
            expiry=whole["expiry"].astype(np.int64), strike=whole["strike"],
            is_put=whole["is_put"], mark_iv=whole["iv"], vega=np.full(len(good), np.nan),
            open_interest=whole["interest"], forward=whole["forward"],
            dropped=len(rows) - len(good), source=self.exchange,
        )  # fmt: skip
        self._check_units(chain, whole["mark"])
        return chain

    def _check_units(self, chain: Chain, mark: np.ndarray[Any, Any]) -> None:
        """Raises QuotesError where marks near the forward are not what their volatility makes them: then one
        of the two is in other units than ours, and a surface of it would be wrong everywhere."""
        near = np.abs(chain.log_moneyness) < chain.mark_iv * np.sqrt(chain.tau)
        if not near.any():
            raise QuotesError(f"{self.exchange} quotes nothing near the forward", NOTHING)
        usd = price(
            chain.is_put[near], chain.forward[near], chain.strike[near],
            chain.tau[near], chain.mark_iv[near],
        ).value  # fmt: skip
        apart = np.abs(mark[near] * chain.forward[near] / usd - 1.0)
        if float(np.median(apart)) > APART:
            raise QuotesError(
                f"marks of {self.exchange} are {float(np.median(apart)):.0%} from what their volatility "
                "makes them",
                "it may have changed its units: look for a later release",
            )


def _row(option: Mapping[str, Any], market: Mapping[str, Any]) -> _Row:
    info = option["info"]
    return _Row(
        float(info["creation_timestamp"]) / 1_000,
        int(market["expiry"]) // 1_000,
        float(market["strike"]),
        market["optionType"] == "put",
        float(option["underlyingPrice"] or 0.0),
        float(info["mark_iv"] or 0.0) / 100.0,
        float(option["bidPrice"] or 0.0),
        float(option["askPrice"] or 0.0),
        float(option["markPrice"] or 0.0),
        float(option["openInterest"] or 0.0),
    )


def _fault(row: _Row, now: float, oldest: float) -> str:
    """Why a quote is not believed, "" where it is."""
    if not all(map(math.isfinite, row)):
        return "with no number"
    if row.made > now + AHEAD_SECONDS:
        return "of a time to come"
    if now - row.made > oldest:
        return "too old"
    if row.expiry <= row.made or row.expiry - row.made > 10 * YEAR:
        return "past or too far"
    if not (row.forward > 0.0 and 0.0 < row.iv < 50.0 and row.mark > 0.0 and row.strike > 0.0):
        return "without forward, volatility or mark"
    if row.bid and row.ask and not row.bid <= row.ask:
        return "crossed"
    if row.mark < row.bid or (row.ask and row.mark > row.ask):
        return "marked outside its own quotes"
    return ""
