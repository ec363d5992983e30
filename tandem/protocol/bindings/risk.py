"""Risk, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from tandem.engine.abi import Abi
from tandem.engine.bound import Bound
from tandem.protocol.bindings.structs import (
    Assessment,
    Band,
    Exposure,
    Marks,
    OptionQuery,
    PriceGreeks,
    PriceQuery,
    SmilePoint,
)

ABI = Abi.spelled(
    "function assess(uint256[6][8] book,uint256 spot,uint256 timestamp,(uint256,bool,uint256,uint256,uint256,uint256) option) pure returns ((int256,int256,int256),(uint256,int256,int256,int256,uint256,uint256,int256,uint256,uint256,uint256,(int256,int256),(int256,int256)))",
    "function exposure(uint256[6][8] book,uint256 spot,uint256 timestamp) pure returns ((int256,int256,int256))",
    "function hedge_band(int256 gamma,uint256 spot,uint256 nav,uint256 cost_bps,uint256 risk_aversion,uint256 gross_units,uint256 lot) pure returns ((uint256,uint256,uint256))",
    "function marks(uint256[6][8] book,uint256 spot,uint256 timestamp,uint256 half_spread) pure returns ((uint256,uint256,uint256,int256,int256,int256))",
    "function max_close(uint256 header,uint256[4] nodes,bool is_put,uint256 strike,uint256 other,uint256 units,uint256 price_up,int256 room) pure returns (uint256)",
    "function maximum(uint256 header,uint256[4] nodes) pure returns (uint256)",
    "function payoff(uint256 header,uint256[4] nodes,uint256 price) pure returns (uint256)",
    "function price(bool is_put,uint256 forward,uint256 strike,uint256 other,uint256 life,uint256 vol) pure returns (uint256,int256,int256,int256,int256)",
    "function prices((bool,uint256,uint256,uint256,uint256,uint256)[] queries) pure returns ((uint256,int256,int256,int256,int256)[])",
    "function theta(uint256[6][8] book,uint256 spot,uint256 timestamp) pure returns (int256)",
    "function unit_payoff(bool is_put,uint256 strike,uint256 other,uint256 units,uint256 price) pure returns (uint256)",
    "function volatility(uint256 slice_word,uint256 spot,uint256 strike,uint256 seconds_left) pure returns (uint256,int256,uint256)",
)


class Risk(Bound):
    """The stateless mathematics over a book: value, Greeks, quote, worst payoff, partial close,
    hedging band. Everything is of the liability; the caller takes the sign."""

    ABI = ABI

    def exposure(self, book: Sequence[Sequence[int]], spot: int, timestamp: int) -> Exposure:
        """Delta, gamma and vega of the whole liability."""
        return Exposure.decode(self.call("exposure", book, spot, timestamp))

    def assess(
        self, book: Sequence[Sequence[int]], spot: int, timestamp: int, option: OptionQuery
    ) -> Assessment:
        """As `exposure`, and one series per 1 ETH."""
        return Assessment.decode(self.call("assess", book, spot, timestamp, option))

    def marks(
        self, book: Sequence[Sequence[int]], spot: int, timestamp: int, half_spread: int
    ) -> Marks:
        """What the liability is worth, at mid, at bid and at ask."""
        return Marks.decode(self.call("marks", book, spot, timestamp, half_spread))

    def theta(self, book: Sequence[Sequence[int]], spot: int, timestamp: int) -> int:
        """What the liability changes by in a year of calendar time, WAD USD."""
        return self.call("theta", book, spot, timestamp)

    def maximum(self, header: int, nodes: Sequence[int]) -> int:
        """The most that one expiry can have to pay, 1e-6 USD, from its nodes."""
        return self.call("maximum", header, nodes)

    def payoff(self, header: int, nodes: Sequence[int], price: int) -> int:
        """What one expiry pays at a settlement price, 1e-6 USD, rounded up, never below 0."""
        return self.call("payoff", header, nodes, price)

    def unit_payoff(self, is_put: bool, strike: int, other: int, units: int, price: int) -> int:
        """What one holding is paid at a settlement price, 1e-6 USD, rounded down."""
        return self.call("unit_payoff", is_put, strike, other, units, price)

    def max_close(
        self,
        header: int,
        nodes: Sequence[int],
        is_put: bool,
        strike: int,
        other: int,
        units: int,
        price_up: int,
        room: int,
    ) -> int:
        """The largest part of a close that fits, in closed form."""
        return self.call("max_close", header, nodes, is_put, strike, other, units, price_up, room)

    def hedge_band(
        self,
        gamma: int,
        spot: int,
        nav: int,
        cost_bps: int,
        risk_aversion: int,
        gross_units: int,
        lot: int,
    ) -> Band:
        """The no-trade half-width from the book's own gamma."""
        return Band.decode(
            self.call("hedge_band", gamma, spot, nav, cost_bps, risk_aversion, gross_units, lot)
        )

    def price(
        self, is_put: bool, forward: int, strike: int, other: int, life: int, vol: int
    ) -> PriceGreeks:
        """One option on its forward, without a surface: value and Greeks."""
        return PriceGreeks.decode(self.call("price", is_put, forward, strike, other, life, vol))

    def prices(self, queries: Sequence[PriceQuery]) -> tuple[PriceGreeks, ...]:
        """Many options in one call, each as `price` has it."""
        return tuple([PriceGreeks.decode(each) for each in self.call("prices", queries)])

    def volatility(self, slice_word: int, spot: int, strike: int, seconds_left: int) -> SmilePoint:
        """Volatility at a strike (WAD), its slope in log-moneyness (WAD), the forward (WAD)."""
        return SmilePoint.decode(self.call("volatility", slice_word, spot, strike, seconds_left))
