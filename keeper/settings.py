"""What an operator sets beyond the connection (`tandem.settings`): the bot's own tables.

A table of the file is a prefix of the variable: `[surface] vol = 0.6` is TANDEM_SURFACE__VOL=0.6.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from tandem.engine.artifacts import ROOT
from tandem.feeds.surface import Kind as SurfaceKind
from tandem.settings import NESTED, PREFIX, Connection, load

DATA = user_data_path("tandem", appauthor=False)
"""The user's own folder for data, wherever the program lies."""
JOURNALS = DATA / "keeper"
"""Where journals lie that nobody placed."""
LEASES = DATA / "leases"
"""Where it is noted which process uses a key."""
FORMER_JOURNALS = ROOT / "out" / "keeper"
"""Where they lay before; one that lies there stays."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FeeTable(_Table):
    """Gas: never more than `most_gwei` per gas, `action_eth` for a transaction, `day_eth` in a day; what
    cannot wait (margin that lacks, a residual past the hard band) has the `urgent_` caps. Raised by `bump`
    when stuck."""

    most_gwei: float = Field(default=5.0, gt=0, le=10_000)
    tip_gwei: float = Field(default=0.01, ge=0, le=100)
    bump: float = Field(default=1.125, ge=1.1, le=2)
    stuck_seconds: float = Field(default=30.0, gt=0)
    wait_seconds: float = Field(default=20.0, gt=0)
    urgent_gwei: float = Field(default=50.0, gt=0, le=10_000)
    action_eth: float = Field(default=0.05, gt=0, le=100)
    day_eth: float = Field(default=0.5, gt=0, le=1_000)
    urgent_day_eth: float = Field(default=2.0, gt=0, le=1_000)


class SurfaceTable(_Table):
    """Posting surfaces: off without keys. keys: comma-separated. vol: the level, 1.0 = 100 %."""

    keys: SecretStr | None = None
    kind: SurfaceKind = SurfaceKind.FLAT
    chain_file: Path | None = None
    vol: float = Field(default=0.6, ge=0.05, le=3.0)
    basis: float = Field(default=0.0, ge=-0.5, le=0.5)
    follow_realised: bool = False
    refresh_seconds: int = Field(default=300, ge=60, le=7_200)


class PolicyTable(_Table):
    """Which hedging policy decides, and its own settings."""

    name: str = "threshold"
    settings: dict[str, float] = Field(default_factory=dict)


class ForecastTable(_Table):
    """Which forecaster says how volatile the price is, and its own settings."""

    name: str = "realised"
    settings: dict[str, float] = Field(default_factory=dict)


class JobsTable(_Table):
    """What this keeper takes on itself. lot: ETH; epochs: LP exit epochs per transaction;
    bounty: whether the hedge goes home through the bounty where that pays;
    mark_seconds: age at which the Vault's mark is refreshed, 0 for never."""

    settle: bool = True
    rebalance: bool = True
    bounty: bool = True
    margin: bool = True
    exits: bool = True
    lot: float = Field(default=0.001, gt=0)
    epochs: int = Field(default=8, ge=1, le=32)
    mark_seconds: int = Field(default=4 * 3_600, ge=0)


class Settings(Connection):
    """Everything."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=NESTED, extra="forbid", frozen=True
    )

    journal: Path | None = None
    """None: keeper/<deployment>-<account>.sqlite in the user's folder for data."""
    network: str = "ethereum:local:foundry"
    """Ape's name of the network, for `tandem run`."""
    account: str | None = None
    """Ape's name of the account, for `tandem run` without a key; never guessed."""
    poll_seconds: float = Field(default=2.0, gt=0)
    cycle_seconds: float = Field(default=180.0, gt=0)
    """All that a cycle may take; the next one goes on where it ended."""
    fees: FeeTable = FeeTable()
    surface: SurfaceTable = SurfaceTable()
    policy: PolicyTable = PolicyTable()
    forecast: ForecastTable = ForecastTable()
    jobs: JobsTable = JobsTable()

    @property
    def surface_keys(self) -> tuple[str, ...]:
        secret = self.surface.keys
        listed = secret.get_secret_value() if secret else ""
        return tuple(part.strip() for part in listed.split(",") if part.strip())

    def journal_path(self, deployment: str, account: str) -> Path:
        name = f"{deployment}-{account[:10].lower()}.sqlite"
        former = FORMER_JOURNALS / name
        here = former if former.exists() else JOURNALS / name
        return self.journal or here


def load_settings(**given: Any) -> Settings:
    """Settings with what the command line gives on top (`tandem.settings.load`)."""
    return load(Settings, **given)
