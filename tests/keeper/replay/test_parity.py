"""One keeper: the same day through a replay on pyrevm, on anvil, a live process and a dry run on anvil, and
what a back-test does in each of its states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

import numpy as np
import pytest
from live_process import WITHOUT_A_PAST, LiveKeeper, deployment_of

from keeper.assembly import build
from keeper.backtest.episodes import Episodes, Float
from keeper.backtest.twins import Costs, threshold
from keeper.cycle import Done
from keeper.execution.surface_desk import Demand
from keeper.planner import Intent, Kind, Plan
from keeper.policy.built_in.threshold import ThresholdPolicy
from keeper.policy.types import Decision, MarketState
from keeper.replay.keeping import Kept
from keeper.replay.run import Replay, ReplayResult, _local, replay
from keeper.replay.settings import ReplaySettings
from keeper.settings import load_settings
from tandem.engine.anvil import AnvilEngine
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.feeds.candles import Candles, load
from tandem.feeds.flow import FlowSpec
from tandem.feeds.path import demo
from tandem.feeds.surface import SurfaceSpec
from tandem.feeds.visits import PathSettings
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.tandem import LOCAL_SIGNER_KEY

HOUR = 3_600
DAY = 24 * HOUR
YEN_MONDAY = 1_722_816_000
CRASH = 1_736_121_600 + 120 * HOUR
REFRESH = 3_000
LIVE = {
    "TANDEM_FEES__TIP_GWEI": "0.05",
    "TANDEM_DICE_SECONDS": "0",  # the one thing that nobody knows before
    "TANDEM_SURFACE__KIND": "smile",
    "TANDEM_SURFACE__VOL": "0.6",
    "TANDEM_SURFACE__FOLLOW_REALISED": "true",
    "TANDEM_SURFACE__REFRESH_SECONDS": str(REFRESH),
}
"""What `settings` says, as an operator says it."""

Act = tuple[Kind, tuple[int, ...], str]


def settings(candles: Candles, engine: str) -> ReplaySettings:
    """A price an hour, surfaces at all times, and an LP who comes and asks to leave."""
    return ReplaySettings(
        candles,
        path=PathSettings(visits=1),
        engine=engine,
        expiries=2,
        gas_price=5 * 10**7,
        refresh_seconds=REFRESH,
        always_quoted=True,
        flow=FlowSpec(trades_per_day=24.0, standing=40, median_size=2.0, max_size=6.0),
        surface=SurfaceSpec(premium=1.0, long_vol=0.6, basis=0.0),
    )


@dataclass
class Witness:
    """Writes down what a keeper meant to do."""

    keeper: Kept
    acts: list[Act] = field(default_factory=list)

    def look(self) -> Snapshot:
        return self.keeper.look()

    def ask(self, demand: Demand) -> None:
        self.keeper.ask(demand)

    def cycle(self) -> list[Done]:
        done = self.keeper.cycle()
        self.acts += [(d.intent.kind, d.intent.args, d.result.state) for d in done]
        return done


def witnessed(
    chosen: ReplaySettings, hire: Callable[[Replay], Kept] = _local
) -> tuple[list[Act], ReplayResult]:
    found: list[Witness] = []

    def watch(run: Replay) -> Kept:
        found.append(Witness(hire(run)))
        return found[-1]

    result = replay(chosen, hire=watch)
    return [act for each in found for act in each.acts], result


@pytest.fixture(scope="module")
def day(request: pytest.FixtureRequest) -> Candles:
    """5 August 2024 as it was recorded; where that is not at hand, the crash of the demo's path."""
    try:
        file: Path = request.getfixturevalue("recorded_hours")
    except pytest.skip.Exception:
        return demo().window(CRASH, CRASH + DAY)
    return load(file).window(YEN_MONDAY, YEN_MONDAY + DAY)


States = list[tuple[MarketState, Decision]]


@pytest.fixture(scope="module")
def decided() -> States:
    """What the policy of `local` saw and said, one after the other."""
    return []


@pytest.fixture(scope="module")
def local(day: Candles, decided: States) -> tuple[list[Act], ReplayResult]:
    decide = ThresholdPolicy.decide

    def noted(policy: ThresholdPolicy, state: MarketState) -> Decision:
        decided.append((state, decide(policy, state)))
        return decided[-1][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ThresholdPolicy, "decide", noted)
        return witnessed(settings(day, "pyrevm"))


def test_the_day_has_something_of_everything(local: tuple[list[Act], ReplayResult]) -> None:
    kinds = Counter(kind for kind, _, _ in local[0])
    wanted = {Kind.SETTLE, Kind.REBALANCE, Kind.TOP_UP, Kind.POKE, Kind.POST}
    assert wanted <= set(kinds)
    assert kinds[Kind.REBALANCE] >= 3


@dataclass
class Rehearsed:
    """A keeper, and what a dry run beside it would have done first, cycle by cycle."""

    keeper: Kept
    dry: Callable[[], Plan]
    firsts: list[tuple[Intent | None, Intent | None]] = field(default_factory=list)

    def look(self) -> Snapshot:
        return self.keeper.look()

    def ask(self, demand: Demand) -> None:
        self.keeper.ask(demand)

    def cycle(self) -> list[Done]:
        planned = next(iter(self.dry().intents), None)
        done = self.keeper.cycle()
        self.firsts.append((planned, done[0].intent if done else None))
        return done


def dry_run(run: Replay, folder: Path) -> Callable[[], Plan]:
    """`tandem run --dry-run` on a replay's node: no key to send with."""
    engine = run.stage.engine
    assert isinstance(engine, AnvilEngine)
    file = folder / "deployment.json"
    deployment = deployment_of(run)
    deployment.save(file)
    words = LIVE | {"TANDEM_SURFACE__KEYS": LOCAL_SIGNER_KEY} | WITHOUT_A_PAST
    with pytest.MonkeyPatch.context() as patch:
        for name, value in words.items():
            patch.setenv(name, value)
        given = load_settings(rpc=engine.url, deployment=file)
    keeper = build(given, RemoteEngine(Node(engine.url).request), deployment)
    return lambda: keeper.plan()[1]


def test_anvil_and_pyrevm_see_the_same_keeper_and_a_dry_run_says_it_before(
    day: Candles, local: tuple[list[Act], ReplayResult], tmp_path: Path
) -> None:
    made: list[Rehearsed] = []

    def hire(run: Replay) -> Kept:
        made.append(Rehearsed(_local(run), dry_run(run, tmp_path)))
        return made[-1]

    acts, result = witnessed(settings(day, "anvil"), hire)
    assert acts == local[0]
    assert result.rows == local[1].rows
    firsts = [pair for each in made for pair in each.firsts]
    assert [said(planned) for planned, _ in firsts] == [said(done) for _, done in firsts]
    assert sum(done is not None and done.kind is Kind.REBALANCE for _, done in firsts) >= 3


def test_a_back_test_decides_in_each_of_the_days_states_as_the_keeper_did(
    local: tuple[list[Act], ReplayResult], decided: States
) -> None:
    """The compiled loop, two steps long: the hedge as it was found, then the state. Its band is the
    contract's own, found again from gamma, NAV and what is open."""
    acts = [decision.acts for _, decision in decided]
    assert len(acts) > 100
    assert 3 <= sum(acts) < len(acts) / 2
    for state, decision in decided:
        hedge = float(threshold(steps_to(state), costs_of(state), 5.0, 1e-3)[0, 1])
        assert (hedge != state.hedge / SIZE) == decision.acts
        if decision.target_residual is not None:
            after = SIZE * hedge + state.book_delta
            assert after == pytest.approx(decision.target_residual, rel=1e-6, abs=1e-6)


def said(intent: Intent | None) -> tuple[object, ...] | None:
    """What is meant. Of a post which expiry: a dry run does not see the blocks that acts of one cycle make,
    and its realised volatility differs in the eighth digit."""
    if intent is None or intent.kind is not Kind.POST:
        return intent and (intent.kind, intent.args, intent.urgent)
    return intent.kind, intent.args[:1]


SIZE = 50.0


def costs_of(state: MarketState) -> Costs:
    return Costs(size=SIZE, gas=state.gas_cost, nav=state.nav)


def steps_to(state: MarketState) -> Episodes:
    """An episode whose first step, which has no gamma, leaves the hedge of the state that is its second."""
    known = [v for v in (state.realised_vol, state.sigma_atm) if isfinite(v) and v > 0]
    gross = state.gross_units / SIZE

    def row(first: float, second: float) -> Float:
        return np.array([[first, second]])

    return Episodes(
        time=np.array([state.time]),
        start=np.array([state.spot]),
        vol=np.array([known[0]]),
        life=np.array([2]),
        spot=row(1.0, 1.0),
        delta=row(state.hedge / SIZE, -state.book_delta / SIZE),
        slope=row(0.0, abs(state.gamma) * state.spot / SIZE),
        tau=row(0.0, state.tau_weighted),
        open=row(gross, gross),
        step=HOUR,
    )


@pytest.mark.long
def test_a_live_process_is_the_same_keeper(
    day: Candles, local: tuple[list[Act], ReplayResult], tmp_path: Path
) -> None:
    live: list[LiveKeeper] = []

    def hire(run: Replay) -> Kept:
        while live:
            live.pop().close()
        live.append(LiveKeeper(run, tmp_path, **LIVE))
        return live[0]

    try:
        acts, result = witnessed(settings(day, "anvil"), hire)
    finally:
        live[0].close()
    assert acts == local[0]
    assert result.rows == local[1].rows
