"""Traders buy, sell back, and hold to the end."""

from __future__ import annotations

from fractions import Fraction

import pytest
from gate_laws import in_hours, of_an_open, of_the_gate
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from laws import check
from marks import alone, losses
from stage import TALLY
from surroundings import Surroundings
from worlds import LADDER, MAX, USD

from tandem.engine.base import Call
from tandem.errors import Reverted
from tandem.protocol.series import Series
from tandem.units import DAY, WAD

UNITS = st.integers(10_000, 40_000_000)
PARTS = st.sampled_from([1, 2, 3])
PEOPLE = st.sampled_from([0, 1])
RUNGS = 4
OUT = st.integers(0, RUNGS - 1)
NEAR = 0.75
"""Of a limit, from which on an open is near it."""
LEVEL = st.sampled_from([2, 2, 2, 1, 1, 0])


class Traders(Surroundings):
    """Two of them."""

    def series(self, far: int, put: bool, out: int, wing: bool) -> Series | None:
        """The option that lies `out` rungs out of the money; a narrow spread with `wing`."""
        ahead = sorted(e for e in self.posted if e > self.w.engine.now() + 7 * DAY)
        spot = self.w.spot // WAD
        side = [k for k in LADDER if (k <= spot if put else k >= spot)]
        side = side[::-1] if put else side
        if not ahead or len(side) <= out:
            return None
        expiry, strike = ahead[far % len(ahead)], side[out]
        below = [k for k in LADDER if k < strike]
        above = [k for k in LADDER if strike < k <= 2 * strike]
        if put:
            return Series(expiry, True, strike, below[-1] if wing and below else 0)
        return Series(expiry, False, strike, above[0 if wing else -1]) if above else None

    def attend(self, level: int) -> None:
        """The keeper's work before a trade: none, prices only, or all of it."""
        if level > 0:
            self.freshen()
        if level > 1:
            self.arbitrage()
            self.top_up()

    @pytest.mark.proves("HG-1", "HG-11", "GT-1", "GT-3", "GT-4", "BR-4", "BR-5", "BR-6")
    @rule(
        who=PEOPLE, far=st.integers(0, 3), out=OUT, units=UNITS, level=LEVEL,
        kind=st.sampled_from(["call", "put", "call spread", "put spread"]),
    )  # fmt: skip
    def mint(self, who: int, far: int, out: int, units: int, level: int, kind: str) -> None:
        self.attend(level)
        series = self.series(far, "put" in kind, out, "spread" in kind)
        if series is None:
            return
        self.mark_anew()
        self.open(self.traders[who], series, max(min(units, self.largest()), 10_000))

    def largest(self) -> int:
        """Units that a trade may nearly have."""
        return int(self.w.tandem.vault.call("totalAssets")) // 11 * WAD // self.w.spot

    def mark_anew(self) -> None:
        """Where the last mark says nothing of now, as whoever opens does."""
        if not self.w.tandem.stress.gate(self.w.spot, 0, 0).is_fresh:
            self.remark()

    def open(self, trader: str, series: Series, units: int) -> bool:
        """Whether it goes through."""
        purse, nav = self.w.usdc(trader), self.w.tandem.vault.call("funds")[3]
        mark, held = self.book.marks[-1], self.book.position
        market = self.w.tandem.market
        mint = market.mint(series.id, units, MAX, MAX, trader)
        done = self.attempt("mint", mint.send, trader)
        if done is None:
            return False
        assert series.expiry not in self.delisted
        assert purse - self.w.usdc(trader) == done.returned
        self.book.trade(trader, series, units, done.returned)
        self.hedged(done, opens=True)
        (event,) = done.events("Hedged")
        spot, counted = event["oracle_price"], mark.counted
        check(of_an_open(self.book, mark, spot, done.timestamp))
        self.traded(series, units, spot, done.timestamp)
        if not mark.undecided:
            before, after = (
                mark.worst(counted, held, spot, least=True),
                mark.worst(mark.losses, self.book.position, spot),
            )
            check(of_the_gate(mark, nav, before, after))
            most = nav / USD * mark.limit / 10_000
            TALLY["open near the gate"] += after > most * NEAR
            TALLY["open past the gate"] += after > most
        left = in_hours(self.book, done.timestamp) - self.book.opened
        TALLY["open near the hour"] += left < mark.hour * (1 - NEAR)
        TALLY["open near the depth"] += sum(self.book.sold().values()) > mark.most * NEAR
        return True

    def traded(self, series: Series, units: int, spot: int, now: int) -> None:
        """GT-3: what a trade that is booked changes; units: fewer where they are closed."""
        after = {s: n for s, n in self.book.sold().items() if s.expiry == series.expiry}
        before = after | {series: after.get(series, 0) - units}
        slices, price = [self.w.slices[series.expiry]], spot / WAD
        change = losses(after, slices, price, now) - losses(before, slices, price, now)
        counted = alone(series, units, after, slices[0], price, now)
        self.book.marks[-1].add(change, counted, abs(units))
        self.check_losses()

    @rule(who=PEOPLE, out=OUT, units=UNITS, put=st.booleans())
    def mint_attended(self, who: int, out: int, units: int, put: bool) -> None:
        """The everyday trade, so that books fill up."""
        self.mint(who, out + units, out, units, 2, "put" if put else "call")

    @pytest.mark.proves("HG-2", "FL-3", "GT-3", "GT-5")
    @precondition(lambda self: self.open_holdings())
    @rule(pick=st.integers(0, 99), part=PARTS, level=LEVEL)
    def close(self, pick: int, part: int, level: int) -> None:
        self.attend(level)
        trader, series, held = self.open_holdings()[pick % len(self.open_holdings())]
        units = max(held // part, 1)
        before = self.w.usdc(trader)
        done = self.attempt("close", self.w.close, series, units, trader=trader)
        if done is None:
            return
        filled, payout = done.returned
        assert 0 < filled <= units
        assert self.w.usdc(trader) - before == payout
        TALLY["close in part"] += filled < units
        if filled < units:
            (event,) = done.events("Hedged")
            bound = max(event["hard_band"], abs(event["residual_before"]))
            TALLY["close to the bound"] += abs(event["residual_after"]) >= bound * 0.99
        self.book.trade(trader, series, -filled, -payout)
        self.hedged(done, opens=False)
        (event,) = done.events("Hedged")
        self.traded(series, -filled, event["oracle_price"], done.timestamp)

    @precondition(lambda self: self.open_holdings())
    @rule(pick=st.integers(0, 99), part=PARTS)
    def close_attended(self, pick: int, part: int) -> None:
        self.close(pick, part, 2)

    def open_holdings(self) -> list[tuple[str, Series, int]]:
        return [
            (who, s, n)
            for who in self.traders
            for s, n in self.book.held[who].items()
            if n and s.expiry not in self.book.settled
        ]

    @pytest.mark.proves("PR-4")
    @rule(put=st.booleans(), outs=st.lists(OUT, min_size=1, max_size=3), seed=st.integers(0, 999))
    def round_trip(self, put: bool, outs: list[int], seed: int) -> None:
        """At one price and one time: buy several, sell them again in parts. Nobody gains."""
        self.attend(2)
        trader, market = self.traders[seed % 2], self.w.tandem.market
        before = self.w.usdc(trader)
        with self.w.undone():
            calls, bought = [], set()
            for turn, out in enumerate(outs):
                series = self.series(seed + turn, put, out, seed >> turn & 1 == 1)
                if series is None:
                    continue
                units = 50_000 + seed * 3_701
                bought.add(series)
                calls.append(Call(market, "mint", (series.id, units, MAX, MAX, trader), trader))
                if seed >> (turn + 4) & 1:
                    part = (series.id, units // 3, 0, 0, MAX, trader)
                    calls.append(Call(market, "close", part, trader))
            done = self.w.engine.send_many(calls)
            rest = []
            for series in bought:
                more = self.w.tandem.balance_of(series, trader) - self.book.held[trader][series]
                if more > 0:
                    rest.append(Call(market, "close", (series.id, more, 0, 0, MAX, trader), trader))
            if rest:  # a second later, when the options are worth a second less
                done += self.w.engine.send_many(rest)
            held = self.book.held[trader]
            whole = all(self.w.tandem.balance_of(s, trader) == held[s] for s in bought)
            if whole and any(not isinstance(r, Reverted) for r in done):
                TALLY["round_trip"] += 1
                assert self.w.usdc(trader) < before

    @rule(push=st.sampled_from([True, True, False]))
    def expire(self, push: bool) -> None:
        """Time runs to the nearest expiry with options, and its price comes."""
        ahead = sorted({s.expiry for s in self.book.sold()})
        if not ahead:
            return
        if self.w.engine.now() < ahead[0]:
            self.w.engine.set_time(ahead[0])
        if push:
            self.w.push_wad(self.w.spot)
            self.settle(False)
        TALLY["expire"] += 1

    @pytest.mark.proves("ST-2", "FL-6")
    @rule(late=st.booleans())
    def settle(self, late: bool) -> None:
        now = self.w.engine.now()
        past = sorted({s.expiry for s in self.book.sold() if s.expiry <= now})
        if not past:
            return
        expiry = past[0]
        round_id = self.rounds.since(expiry)
        if round_id is None:
            if not late:
                return
            self.w.push_wad(self.w.spot)
            round_id = self.rounds.since(expiry)
            assert round_id is not None
        price = self.rounds.of(round_id).answer * 10**10
        with self.rounds.shown(round_id):
            done = self.attempt("settle", self.w.tandem.settle, expiry, round_id)
            assert done is not None, "settlement with its round always goes through"
            again = self.attempt("settle twice", self.w.tandem.settle, expiry, round_id)
        owed = self.book.settle(expiry, Fraction(price, WAD))
        (event,) = done.events("Settled")
        assert (event["price"], event["payouts"]) == (price, owed)
        assert again is None

    @invariant()
    def the_feed_is_heard(self) -> None:
        """Before it forgets."""
        self.rounds.hear()

    @rule(pick=st.integers(0, 99), part=PARTS)
    def redeem(self, pick: int, part: int) -> None:
        payable = self.payable()
        if payable:
            holder, series, held = payable[pick % len(payable)]
            self.pay(holder, series, max(held // part, 1))

    def payable(self) -> list[tuple[str, Series, int]]:
        return [
            (who, s, n)
            for who in self.traders
            for s, n in self.book.held[who].items()
            if n and s.expiry in self.book.settled
        ]

    def pay(self, holder: str, series: Series, units: int) -> None:
        before = self.w.usdc(holder)
        done = self.attempt("redeem", self.w.tandem.redeem, series, units, owner=holder)
        assert done is not None, "a holder is always paid"
        paid = self.book.redeem(holder, series, units)
        assert self.w.usdc(holder) - before == done.returned == paid
