"""Any sequence of entries, exits, trades and marks: contract and model agree to the unit (R18, R26).

The model (vault_model.py) is written from the rules in fractions and finds the exit room by
search. After every step: cash and claims are conserved, claims never exceed what is set aside,
the queue is served in order. At the end everybody leaves, in a random order.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from quick_chain import reverts
from vault_bench import Bench, env
from vault_model import Mark

from tandem.units import HOUR, USD

LPS = ("alice", "bob", "carol")
NIGHTLY = bool(os.environ.get("TANDEM_NIGHTLY"))
E12 = 10**12

names = st.sampled_from(LPS)
money = st.one_of(st.integers(1, 100), st.integers(USD, 5_000 * USD))
wads = st.one_of(st.just(0), st.integers(0, 600 * 10**18))


class VaultMachine(RuleBasedStateMachine):
    bench: Bench
    succeeded: dict[str, int]

    @initialize()
    def start(self) -> None:
        self.anchor = env.anchor()
        self.anchor.__enter__()
        self.model = self.bench.ledger()
        self.model.shares = dict.fromkeys(LPS, 0)
        for place, name in enumerate(LPS):
            self.deposit(name, 777 * USD + 13 * place)

    def one_of(self, name: str, holds: Callable[[str], int]) -> str:
        """That person, or else the next one for whom there is something to do."""
        turn = LPS.index(name)
        order = LPS[turn:] + LPS[:turn]
        return next((who for who in order if holds(who)), name)

    def teardown(self) -> None:
        if not hasattr(self, "anchor"):
            return
        try:
            self.everybody_leaves()
        finally:
            self.anchor.__exit__(None, None, None)

    # -------------------------------------------------- rules

    def done(self, name: str) -> None:
        self.succeeded[name] = self.succeeded.get(name, 0) + 1

    @rule(name=names, amount=money)
    def deposit(self, name: str, amount: int) -> None:
        model = self.model
        if model.supply and not model.low:
            return
        supply, high = model.supply, model.high
        minted = amount * (supply + E12) // (high + 1)
        if minted == 0 or supply + minted >= 2**112:
            return
        if high > model.most:
            with reverts("vault: high over account"):
                self.bench.deposit(name, amount)
            self.done("deposit refused")
            return
        assert self.bench.deposit(name, amount) == model.deposit(name, amount)
        self.done("deposit")

    @rule(name=names, part=st.integers(1, 10))
    def request(self, name: str, part: int) -> None:
        vault, model = self.bench.vault, self.model
        name = self.one_of(name, lambda who: model.shares[who])
        shares = model.shares[name] * part // 10
        worth = shares * (vault.totalAssets() + 1) // (model.supply + E12)
        if shares == 0 or (worth < USD and part < 10):
            return
        if model.has_to_claim(name, env.timestamp):
            with reverts("exits: eight epochs open"):
                self.bench.request(name, shares)
            self.done("request refused")
            return
        self.bench.request(name, shares)
        model.request(name, shares, env.timestamp)
        self.done("request")

    @rule(count=st.integers(0, 4))
    def process(self, count: int) -> None:
        expected = self.model.process(count, env.timestamp)
        if expected is None:
            with reverts("vault: low over account"):
                self.bench.vault.process(count)
            self.done("process refused")
            return
        total, low = expected
        assert self.bench.vault.process(count) == total
        assert self.bench.vault.totalAssets() == low
        self.done("process" if total else "process nothing")

    @rule(name=names, part=st.integers(1, 10), count=st.integers(1, 4))
    def leave(self, name: str, part: int, count: int) -> None:
        self.request(name, part)
        self.wait(25)
        self.process(count)

    def has_claims(self) -> bool:
        return any(self.model.claimable(name)[1] for name in LPS)

    @rule(hours=st.sampled_from([1, 5, 25]))
    def wait(self, hours: int) -> None:
        env.time_travel(seconds=hours * HOUR)

    @precondition(has_claims)
    @rule(name=names, part=st.integers(1, 4))
    def redeem(self, name: str, part: int) -> None:
        name = self.one_of(name, lambda who: self.model.claimable(who)[0])
        claimable, _ = self.model.claimable(name)
        shares = claimable * part // 4
        if shares == 0:
            return
        account = self.bench.who[name]
        before = self.bench.usdc.balanceOf(account)
        assets = self.bench.vault.redeem(shares, account, account, sender=account)
        assert assets == self.model.claim(name, shares)
        assert self.bench.usdc.balanceOf(account) == before + assets
        self.done("redeem")

    @precondition(has_claims)
    @rule(name=names)
    def withdraw_all(self, name: str) -> None:
        name = self.one_of(name, lambda who: self.model.claimable(who)[1])
        shares, assets = self.model.claimable(name)
        if shares == 0 or assets == 0:
            return
        account = self.bench.who[name]
        assert self.bench.vault.withdraw(assets, account, account, sender=account) == shares
        assert self.model.claim(name, shares) == assets
        self.done("withdraw")

    @rule(
        low=wads, spread=wads, venue=wads, better=wads, cost=st.integers(0, 10**20),
        maxima=st.one_of(st.just(0), st.integers(0, 3_000 * USD)), top_up=st.integers(0, 200 * USD),
    )  # fmt: skip
    def mark(self, low, spread, venue, better, cost, maxima, top_up) -> None:
        self.model.mark = Mark(
            low, low + spread, venue, venue + better, cost, maxima, self.model.mark.claims, top_up
        )
        self.bench.market.set_mark(self.model.mark.as_tuple())

    @rule(more=st.integers(0, 200), name=names)
    def boast(self, more: int, name: str) -> None:
        """A venue says that it has about what nobody believes; somebody comes, and somebody leaves."""
        worth = (max(self.model.own, 0) // 4 + more * USD) * E12
        self.model.mark = Mark(equity_low=worth, equity_high=worth, claims=self.model.mark.claims)
        self.bench.market.set_mark(self.model.mark.as_tuple())
        self.deposit(name, USD)
        self.process(1)

    @rule()
    def quiet(self) -> None:
        self.model.mark = Mark()
        self.bench.market.set_mark(self.model.mark.as_tuple())

    @rule(amount=money)
    def premium(self, amount: int) -> None:
        trader = self.bench.fund("trader", amount)
        self.bench.vault.collect(trader, amount, sender=self.bench.market.address)
        self.model.cash += amount
        self.done("premium")

    @precondition(lambda self: self.model.cash > self.model.exits)
    @rule(part=st.sampled_from([1, 1, 1, 20]))
    def payout(self, part: int) -> None:
        amount = (self.model.cash - self.model.exits) * part // 20
        self.bench.vault.pay(self.bench.who["trader"], amount, sender=self.bench.market.address)
        self.model.cash -= amount
        self.done("payout")

    @rule(amount=money)
    def donate(self, amount: int) -> None:
        self.bench.usdc.mint(self.bench.vault, amount)

    @rule()
    def poke(self) -> None:
        assert self.bench.poke() == (self.model.low, max(self.model.high, self.model.low))

    # -------------------------------------------------- laws

    @invariant()
    def books_agree(self) -> None:
        if not hasattr(self, "model"):
            return
        vault, model = self.bench.vault, self.model
        assert vault.cash() == model.cash
        assert vault.exits_unpaid() == model.exits
        assert vault.totalSupply() == model.supply
        assert vault.balanceOf(vault) == model.escrow
        for name in LPS:
            account = self.bench.who[name]
            assert vault.balanceOf(account) == model.shares[name]
            claimable = vault.maxRedeem(account), vault.maxWithdraw(account)
            assert claimable == model.claimable(name)

    @invariant()
    def claims_are_covered(self) -> None:
        if not hasattr(self, "model"):
            return
        owed = sum(self.model.claimable(name)[1] for name in LPS)
        assert owed <= self.bench.vault.exits_unpaid() <= self.bench.vault.cash()
        assert self.bench.vault.cash() <= self.bench.usdc.balanceOf(self.bench.vault)

    # -------------------------------------------------- the end

    def everybody_leaves(self) -> None:
        """With nothing open there is always a way out, in any order."""
        vault, model = self.bench.vault, self.model
        self.quiet()
        vault.poke()
        if model.low == 0:
            return
        for _ in range(2):
            env.time_travel(seconds=30 * HOUR)
            vault.process(32)
            model.process(32, env.timestamp)
            for name in reversed(LPS):
                shares, _ = model.claimable(name)
                if shares:
                    assert self.bench.claim(name) == model.claim(name, shares)
            for name in LPS:
                if model.shares[name]:
                    self.bench.request(name)
                    model.request(name, model.shares[name], env.timestamp)
        env.time_travel(seconds=30 * HOUR)
        vault.process(32)
        model.process(32, env.timestamp)
        for name in LPS:
            shares, _ = model.claimable(name)
            if shares:
                assert self.bench.claim(name) == model.claim(name, shares)
        if model.low == 0 and model.supply:  # of nothing: nobody is burnt for it
            assert vault.cash() == vault.exits_unpaid() == 0
            self.books_agree()
            return
        assert vault.totalSupply() == 0
        assert vault.exits_unpaid() == 0
        assert vault.queue() == (0, 0)
        self.books_agree()
        self.done("left")


def test_r18_r26_the_vaults_books_are_the_models(bench_once: Bench) -> None:
    class Machine(VaultMachine):
        bench = bench_once
        succeeded: dict[str, int] = {}  # noqa: RUF012

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=400 if NIGHTLY else 40,
            stateful_step_count=80 if NIGHTLY else 40,
            deadline=None,
            derandomize=not NIGHTLY,  # counts of successes are asserted: the same in every run
            database=None,
        ),
    )
    wanted = (
        "deposit", "request", "process", "redeem", "withdraw", "premium", "payout", "left",
        "deposit refused", "process refused",
    )  # fmt: skip
    for name in wanted:
        assert Machine.succeeded.get(name, 0) >= 3, f"{name} hardly ever happened"
