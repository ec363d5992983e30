"""Settings each of which may be as it is, and which cannot work together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keeper.settings import Settings
from keeper.tables import SurfaceKind, SurfaceTable
from tandem.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The setting that is off, and why."""

    name: str
    error: ConfigError


def contradictions(settings: Settings) -> Iterator[Contradiction]:
    """All there are."""
    cycle, fees, table = settings.cycle_seconds, settings.fees, settings.metrics
    if table.port and table.silent_seconds <= cycle:
        yield _of(
            "metrics.silent_seconds",
            f"/health would call a cycle stuck after {table.silent_seconds:g} s, and it may take "
            f"{cycle:g} s",
            "set TANDEM_METRICS__SILENT_SECONDS to more than TANDEM_CYCLE_SECONDS",
        )
    if settings.rpc_timeout >= cycle:
        yield _of(
            "rpc_timeout",
            f"a request may take {settings.rpc_timeout:g} s, which is all of a cycle's {cycle:g} s: no other "
            "node would be asked",
            "set TANDEM_RPC_TIMEOUT to a part of TANDEM_CYCLE_SECONDS",
        )
    if fees.wait_seconds >= cycle:
        yield _of(
            "fees.wait_seconds",
            f"a block is waited for {fees.wait_seconds:g} s, and a cycle ends after {cycle:g} s: whatever "
            "waits would end it as a failure",
            "set TANDEM_FEES__WAIT_SECONDS to less than TANDEM_CYCLE_SECONDS",
        )
    if settings.surface.signers and settings.surface_keys:
        yield _of(
            "surface.signers",
            "surfaces are signed by keys here or by signers elsewhere, and both are set",
            "set TANDEM_SURFACE__SIGNERS or TANDEM_SURFACE__KEYS, not both",
        )
    yield from _of_surfaces(settings.surface)
    if fees.tip_gwei > fees.most_gwei:
        yield _of(
            "fees.tip_gwei",
            f"the tip of {fees.tip_gwei:g} gwei is more than the {fees.most_gwei:g} that a unit of gas may "
            "cost: nothing that can wait would ever be sent",
            "set TANDEM_FEES__TIP_GWEI to a part of TANDEM_FEES__MOST_GWEI",
        )


def _of_surfaces(table: SurfaceTable) -> Iterator[Contradiction]:
    every, oldest = table.quotes_every_seconds, table.quotes_oldest_seconds
    if table.kind is SurfaceKind.EXCHANGE and oldest <= every:
        yield _of(
            "surface.quotes_oldest_seconds",
            f"quotes are too old after {oldest:g} s, and the next ones come after {every:g} s: in between "
            "what is posted would not be quoted",
            "set TANDEM_SURFACE__QUOTES_OLDEST_SECONDS to some times TANDEM_SURFACE__QUOTES_EVERY_SECONDS",
        )
    if table.least_seconds > table.refresh_seconds:
        yield _of(
            "surface.least_seconds",
            f"a slice is posted anew after {table.refresh_seconds} s, and would not be before "
            f"{table.least_seconds} s",
            "set TANDEM_SURFACE__LEAST_SECONDS to no more than TANDEM_SURFACE__REFRESH_SECONDS",
        )


def check(settings: Settings) -> None:
    """Raises the first, as ConfigError."""
    for found in contradictions(settings):
        raise found.error


def _of(name: str, message: str, hint: str) -> Contradiction:
    return Contradiction(name, ConfigError(message, hint))
