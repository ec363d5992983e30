"""The keeper of a replay: the live one, with an unlocked account, on the replay's own engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from keeper.cycle import Done, Keeper
from keeper.execution.surface_desk import Demand, SurfaceDesk
from keeper.observer import Observer
from keeper.planner import PlannerSettings
from keeper.policy import create, spec
from keeper.prices import Prices
from keeper.replay.outbox import LocalOutbox
from keeper.replay.scribe import Scribe
from keeper.replay.settings import ReplaySettings
from keeper.replay.stage import Stage
from tandem.engine.base import Receipt
from tandem.errors import Reverted
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import handles_of
from tandem.protocol.surface_signing import SurfaceDomain


class Kept(Protocol):
    """What a replay asks of its keeper: a `Keeper`, or a process that is one."""

    def look(self) -> Snapshot:
        """The state at the latest block."""
        ...

    def cycle(self) -> list[Done]:
        """Do what is due."""
        ...

    def ask(self, demand: Demand) -> None:
        """Say who needs a surface at this price."""
        ...


class LocalKeeper:
    """A `Keeper` on the stage. before: called before each of its transactions."""

    def __init__(
        self, stage: Stage, settings: ReplaySettings, scribe: Scribe, before: Callable[[], object]
    ) -> None:
        def watch(kind: str, args: tuple[int, ...], outcome: Receipt | Reverted) -> None:
            scribe.took(stage.engine.now(), kind, outcome, args)

        tandem = stage.tandem
        domain = SurfaceDomain(tandem.chain_id, tandem.surface.address, tandem.market.address)
        self._always = settings.always_quoted
        self._desk = SurfaceDesk(
            domain, tandem.signer_keys, settings.surfaces(), settings.refresh_seconds,
            mended=scribe.ledger.mended, held_back=scribe.ledger.held_back,
        )  # fmt: skip
        self._keeper = Keeper(
            Observer(
                engine=stage.engine,
                handles=handles_of(stage.tandem),
                settings=PlannerSettings(),
                prices=Prices(gas=lambda: settings.gas_price),
                desk=self._desk,
                follow_realised=True,
            ),
            spec.named(settings.policy),
            LocalOutbox(stage.engine, tandem.keeper, watch, before),
        )

    @property
    def observer(self) -> Observer:
        """What it sees by."""
        return self._keeper.observer

    def look(self) -> Snapshot:
        """The state at the latest block."""
        return self._keeper.observer.observe(self._keeper.account)[0]

    def cycle(self) -> list[Done]:
        """Do what is due."""
        return self._keeper.cycle()

    def ask(self, demand: Demand) -> None:
        """Say who needs a surface, where surfaces are not posted at all times."""
        if not self._always:
            self._desk.demand = demand


class Strangers:
    """Nobody keeps the market any more. What is past is settled, as anybody may; a holder does it."""

    def __init__(self, stage: Stage, scribe: Scribe, before: Callable[[], object]) -> None:
        def watch(kind: str, args: tuple[int, ...], outcome: Receipt | Reverted) -> None:
            scribe.took(stage.engine.now(), kind, outcome, args)

        nothing = PlannerSettings(
            rebalance=False, margin=False, exits=False, gate=False, mark_seconds=0
        )
        self._keeper = Keeper(
            Observer(
                engine=stage.engine, handles=handles_of(stage.tandem), settings=nothing,
                follow_realised=True,
            ),
            create("threshold"),
            LocalOutbox(stage.engine, stage.tandem.trader, watch, before),
        )  # fmt: skip

    def look(self) -> Snapshot:
        """The state at the latest block."""
        return self._keeper.observer.observe(self._keeper.account)[0]

    def cycle(self) -> list[Done]:
        """Settle what is past."""
        return self._keeper.cycle()

    def ask(self, demand: Demand) -> None:
        """Nobody signs surfaces."""
