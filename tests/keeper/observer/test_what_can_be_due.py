"""What an observer leaves out was not due: the conditions by which it simulates hide no action."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from keeper.acts import GAS
from keeper.cycle import Done, Keeper
from keeper.execution.surface_desk import Demand
from keeper.observer import Observer
from keeper.planner import Facts, Kind, PlannerSettings
from keeper.policy import create
from keeper.replay.inputs import settings_for
from keeper.replay.keeping import LocalKeeper
from keeper.replay.outbox import LocalOutbox
from keeper.replay.run import Replay, replay
from keeper.several import would
from tandem import venues
from tandem.engine import open_engine
from tandem.errors import Reverted
from tandem.feeds.path import demo
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.deploy import deploy_tandem
from tandem.protocol.handles import handles_of
from tandem.protocol.series import next_expiry
from tandem.protocol.tandem import Tandem
from tandem.units import WAD
from tandem.venues import Opening

CRASH = 1_736_121_600 + 120 * 3_600
EPOCHS = 8


def simulated(observer: Observer, account: str) -> dict[Kind, int]:
    """What each call would move now, whatever the snapshot says."""
    h = observer.handles
    return {
        Kind.TOP_UP: would(account, h.desk.top_up(), GAS[Kind.TOP_UP]),
        Kind.SWEEP: would(account, h.desk.sweep(), GAS[Kind.SWEEP]),
        Kind.PROCESS: would(account, h.vault.process(EPOCHS), GAS[Kind.PROCESS]),
    }


def order_of(observer: Observer, account: str) -> int:
    """What a rebalance would send now, 0 where it would be refused or would wait."""
    try:
        return observer.handles.market.rebalance(0).simulate(account, GAS[Kind.REBALANCE]).order
    except Reverted:
        return 0


def check(observer: Observer, account: str, seen: Counter[Kind]) -> None:
    """Facts are what the calls would do, although most were not simulated."""
    _, facts = observer.observe(account)
    found = {Kind.TOP_UP: facts.top_up, Kind.SWEEP: facts.sweep, Kind.PROCESS: facts.exits}
    assert found == simulated(observer, account)
    if facts.hedge_room == 0:
        assert order_of(observer, account) == 0
    seen.update(kind for kind, amount in found.items() if amount)


@dataclass
class Checked:
    """An observer that is checked whenever it looks."""

    observer: Observer
    seen: Counter[Kind]

    def observe(self, account: str) -> tuple[Snapshot, Facts]:
        check(self.observer, account, self.seen)
        return self.observer.observe(account)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.observer, name)


@dataclass
class Watched:
    """A replay's keeper, which checks what it sees: between two acts of a cycle too, for what is due then
    may be done by its end."""

    keeper: LocalKeeper
    seen: Counter[Kind] = field(default_factory=Counter)

    def look(self) -> Snapshot:
        return self.keeper.look()

    def ask(self, demand: Demand) -> None:
        self.keeper.ask(demand)

    def cycle(self) -> list[Done]:
        inner: Any = self.keeper._keeper
        if not isinstance(inner.observer, Checked):
            inner.observer = Checked(inner.observer, self.seen)
        return self.keeper.cycle()


@pytest.mark.long
def test_through_a_crash_with_an_lp_who_leaves() -> None:
    """The window is long enough for his exit to be processed."""
    watched: list[Watched] = []

    def hire(run: Replay) -> Watched:
        watched.append(
            Watched(LocalKeeper(run.stage, run.settings, run.scribe, run.arbitrageur.in_turn))
        )
        return watched[-1]

    days = demo().window(CRASH - 120 * 3_600, CRASH + 48 * 3_600)
    replay(replace(settings_for(days, visits=2), refresh_seconds=200), hire=hire)
    assert {Kind.TOP_UP, Kind.SWEEP} <= set(watched[-1].seen)


@pytest.fixture
def tandem() -> Iterator[Tandem]:
    with open_engine("pyrevm") as engine:
        exchange = venues.recipe().open(engine, 2_500 * WAD, Opening())
        found = deploy_tandem(engine, exchange)
        exchange.set_index(2_500 * WAD)
        yield found


def observer_of(t: Tandem, asset: str = "ETH") -> Observer:
    handles = handles_of(t, asset)
    return Observer(t.engine, handles, PlannerSettings(epochs=EPOCHS))


def test_where_nothing_is_open_and_everybody_leaves(tandem: Tandem) -> None:
    """Headroom is given up for those who wait: the snapshot's own account does not show it."""
    observer, seen = observer_of(tandem), Counter[Kind]()
    who, lp, engine = tandem.keeper, tandem.lp, tandem.engine
    tandem.deposit(10**12)
    tandem.list_expiry(next_expiry(engine.now(), 20), [2_500, 5_000])
    check(observer, who, seen)
    tandem.desk.top_up().send(who)
    check(observer, who, seen)
    assert seen == {Kind.TOP_UP: 1}
    shares = tandem.vault.balanceOf(lp)
    tandem.vault.requestRedeem(shares, lp, lp).send(lp)
    for _ in range(30):
        check(observer, who, seen)
        engine.advance(3_600)
    tandem.exchange.set_index(2_500 * WAD)
    check(observer, who, seen)
    tandem.vault.process(EPOCHS).send(who)
    check(observer, who, seen)
    assert {Kind.SWEEP, Kind.PROCESS} <= set(seen)


def test_exits_that_are_worth_nothing_stand_in_nobodys_way(tandem: Tandem) -> None:
    """A share of 1 wei may leave, being all that its owner has: an hour after another, from as many
    accounts, is as many epochs before an LP's, and a call takes only so many at once."""
    observer, who, lp, engine = observer_of(tandem), tandem.keeper, tandem.lp, tandem.engine
    tandem.deposit(10**12)
    for n in range(EPOCHS + 3):
        nobody = f"0x{n + 1:040x}"
        tandem.vault.transfer(nobody, 1).send(lp)
        tandem.vault.requestRedeem(1, nobody, nobody).send(nobody)
        engine.advance(3_600)
    shares = tandem.vault.balanceOf(lp)
    tandem.vault.requestRedeem(shares // 2, lp, lp).send(lp)
    engine.advance(27 * 3_600)
    tandem.exchange.set_index(2_500 * WAD)
    keeper = Keeper(observer, create(), LocalOutbox(engine, who, lambda *_: None))
    sent = [done.intent.kind for done in keeper.cycle()]
    engine.advance(1)
    sent += [done.intent.kind for done in keeper.cycle()]
    assert tandem.vault.claimableRedeemRequest(0, lp) == shares // 2
    processed = sent.count(Kind.PROCESS)
    assert processed == 2
    engine.advance(60)
    assert Kind.PROCESS not in [done.intent.kind for done in keeper.cycle()]


@pytest.mark.parametrize("answer", [0, 5 * 10**8, 2**96])
def test_a_price_that_the_contracts_refuse_teaches_no_volatility(
    tandem: Tandem, answer: int
) -> None:
    """A feed that answers nonsense for one block must not set the level of a day's surfaces."""
    observer, feed = observer_of(tandem), tandem.exchange.feed
    assert observer.observe(tandem.keeper)[1].realised_vol == 0.6
    tandem.engine.advance(60)
    tandem.exchange.set_index(2_510 * WAD)
    before = observer.observe(tandem.keeper)[1].realised_vol
    assert before not in (0.6, 0.0)
    tandem.engine.advance(12)
    feed.send("push", answer, sender=tandem.exchange.owner)
    snapshot, facts = observer.observe(tandem.keeper)
    assert not snapshot.spot_fresh
    assert facts.realised_vol == before
