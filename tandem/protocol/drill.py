"""A deployment used once before it is for good: on a fork, by people of ours, with nothing at stake.

Everything real of the chain stays: the venue, its pool, the quote token, the owner. People and feed are ours:
signers whose keys are known, so that a surface can be posted; balances that are dealt; and, once the real
feed has been read, one of ours in its place, which says what that said last while hours pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tandem.engine.fork import deal, say, take_over
from tandem.engine.remote import RemoteEngine
from tandem.errors import Reverted, TandemError
from tandem.model import svi
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.bindings.usdc import USDC
from tandem.protocol.deployment import Deployment, handles
from tandem.protocol.recipe import Recipe
from tandem.protocol.reverts import explain
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain, sign
from tandem.protocol.tandem import LOCAL_KEEPER_KEY, LOCAL_SIGNER_KEY
from tandem.units import HOUR, USD, WAD

SIGNERS = (3, 4)
"""Of anvil's accounts, whose keys everybody knows."""
KEYS = (LOCAL_SIGNER_KEY, LOCAL_KEEPER_KEY)
LP, TRADER, KEEPER, FEEDER = 2, 1, 3, 0
STAKE = 1_000_000 * USD
SIZE = 2_000_000
"""1e-6 ETH, of each of two trades."""
LIFE = 20
"""Days."""
CALM, WILD = 0.6, 1.0
"""Volatility at which it is sold, and at which its delta is another."""
HOURS = 5
"""In which a surface may move from the one to the other."""
CHUNKS = 30


@dataclass(frozen=True, slots=True)
class Drilled:
    """One act. gas: units; said: what came of it."""

    act: str
    gas: int
    said: str


class DrillError(TandemError):
    """Something that people do every day is refused on this chain."""


def for_a_drill(engine: RemoteEngine, recipe: Recipe) -> Recipe:
    """The file with signers of ours: its own owner, guardian and lister stay."""
    people = [engine.accounts[n] for n in SIGNERS]
    roles = recipe.roles | {"signers": people}
    return replace(recipe, roles=roles, settings=replace(recipe.settings, signatures=2))


@dataclass
class Drill:
    """A day in a deployment's life. done: what was done so far."""

    engine: RemoteEngine
    deployment: Deployment
    told: Callable[[Drilled], None]
    done: list[Drilled] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.on = handles(self.engine, self.deployment)
        self.people = self.engine.accounts
        for who in {*self.people, *self._named()}:  # on a real chain some of them have code
            self.engine.request("anvil_setBalance", [who, hex(10 * WAD)])
        for who in self.people:
            self.engine.request("anvil_setCode", [who, "0x"])
        for who in self._named():
            self.engine.request("anvil_impersonateAccount", [who])
        self.token = USDC(self.engine, self.deployment.venue["usdc"])
        self.feed = take_over(self.engine, self.deployment.venue["feed"], self.people[FEEDER])
        self.answer = PriceFeed.of(self.feed).latestRoundData().answer

    def run(self) -> list[Drilled]:
        """Deposit, list, post, mint, rebalance, close. Raises DrillError with the act that was refused."""
        for act, what in self._acts():
            try:
                found = Drilled(act, *what())
            except Reverted as error:
                why = explain(error)
                raise DrillError(f"{act} is refused: {why.what} [{why.code}]", why.todo) from error
            except TandemError as error:
                raise DrillError(f"{act}: {error.message}", error.hint) from error
            self.done.append(found)
            self.told(found)
        return self.done

    def _acts(self) -> Iterator[tuple[str, Callable[[], tuple[int, str]]]]:
        yield "deposit", self._deposit
        yield "list", self._list
        yield "post", lambda: self._post(CALM)
        yield "mint", self._mint
        yield "rebalance", self._rebalance
        yield "close", self._close

    # ---- acts
    def _deposit(self) -> tuple[int, str]:
        token, vault, lp = self.deployment.venue["usdc"], self.on.vault, self.people[LP]
        for who in (lp, self.people[TRADER]):
            deal(self.engine, token, who, STAKE)
            self.token.approve(vault, 2**256 - 1).send(who)
        gas = vault.deposit(STAKE, lp).send(lp).gas_used
        self.on.desk.top_up().send(self.people[KEEPER])
        return gas, f"{STAKE / USD:,.0f} USD for {vault.balanceOf(lp) / WAD:,.0f} shares"

    def _list(self) -> tuple[int, str]:
        self.price = self.on.spot.peek().price // WAD
        self.expiry = next_expiry(self.engine.now(), LIFE)
        strike = self.price * 11 // 10
        self.series = Series(self.expiry, False, strike, 2 * strike, self.on.asset)
        (lister, *_) = self.on.guardian.members(2)
        call = self.on.market.list_expiry(self.expiry, [strike, 2 * strike])
        return call.send(lister).gas_used, f"{self.series}"

    def _post(self, vol: float) -> tuple[int, str]:
        word = svi.pack(svi.Slice(a=vol**2, b=0.0, rho=0.0, m=0.0, s=0.1))
        domain = SurfaceDomain(
            self.deployment.chain_id, self.on.surface.address, self.on.market.address
        )
        post = SlicePost(self.expiry, word, self.engine.now())
        signatures = sign(domain, post, KEYS)
        call = self.on.surface.post(self.expiry, word, post.valid_from, signatures)
        gas = call.send(self.people[KEEPER]).gas_used
        return gas, f"volatility {vol:.0%}, two signatures"

    def _mint(self) -> tuple[int, str]:
        self.on.stress.remark().send(self.people[KEEPER])
        who, gas = self.people[TRADER], 0
        before = self._money(who)
        for _ in range(2):
            call = self.on.market.mint(self.series.id, SIZE, 2**255, 2**255, who)
            gas = call.send(who).gas_used
        paid = (before - self._money(who)) / USD
        hedge = self.on.router.position() / WAD
        if abs(hedge) < 1e-3:
            raise DrillError("it was sold and not hedged", "report it")
        return (
            gas,
            f"4 {self.series} for {paid:,.2f} USD; the hedge is {hedge:+.4f} {self.on.asset}",
        )

    def _rebalance(self) -> tuple[int, str]:
        """A surface that moves changes the delta, and nothing at the venue."""
        for hour in range(1, HOURS + 1):
            self.engine.advance(HOUR)
            self._speak()
            self._post(CALM + (WILD - CALM) * hour / HOURS)
        before = self.on.lens.snapshot().stance
        gas, parts = 0, 0
        for _ in range(CHUNKS):
            stance = self.on.lens.snapshot().stance
            if abs(stance.residual) < max(stance.width, stance.trigger):
                break
            gas = max(gas, self.on.market.rebalance(0).send(self.people[KEEPER]).gas_used)
            parts += 1
            self.engine.advance(61)
        after = self.on.lens.snapshot().stance
        if not parts or abs(after.residual) >= max(after.width, after.trigger):
            raise DrillError(
                f"a residual of {before.residual / WAD:+.4f} {self.on.asset} came to "
                f"{after.residual / WAD:+.4f}",
                "is the pool deep enough?",
            )
        moved = f"{before.residual / WAD:+.4f} to {after.residual / WAD:+.4f} {self.on.asset}"
        count = "1 part" if parts == 1 else f"{parts} parts"
        rose = f"after {HOURS} h in which volatility rose to {WILD:.0%}"
        return gas, f"the residual from {moved} in {count}, {rose}"

    def _close(self) -> tuple[int, str]:
        self._speak()
        self._post(WILD)
        who = self.people[TRADER]
        before, units = self._money(who), self.on.option.balanceOf(who, self.series.id)
        call = self.on.market.close(self.series.id, units, units, 0, 2**255, who)
        gas = call.send(who).gas_used
        got = (self._money(who) - before) / USD
        return (
            gas,
            f"for {got:,.2f} USD; the hedge is {self.on.router.position() / WAD:+.4f} {self.on.asset}",
        )

    # ---- the world
    def _named(self) -> tuple[str, ...]:
        roles = self.deployment.roles
        return roles["owner"], roles["guardian"], roles["lister"]

    def _speak(self) -> None:
        """The feed says the same again, from now on."""
        say(self.feed, self.answer, self.people[FEEDER])

    def _money(self, who: str) -> int:
        return self.token.balanceOf(who)
