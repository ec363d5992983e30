"""What an operator sets beyond the connection (`tandem.settings`): the bot's own tables.

A table of the file is a prefix of the variable: `[surface] vol = 0.6` is TANDEM_SURFACE__VOL=0.6.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from keeper.tables import (
    AlertsTable,
    FeeTable,
    ForecastTable,
    JobsTable,
    LeasesTable,
    LogForm,
    LogLevel,
    MarketTable,
    MetricsTable,
    PolicyTable,
    RelayTable,
    SignerTable,
    SurfaceTable,
)
from tandem.engine.artifacts import ROOT
from tandem.files import DATA
from tandem.settings import NESTED, PREFIX, Connection, load

JOURNALS = DATA / "keeper"
INDEXES = DATA / "index"
"""Where journals lie that nobody placed."""
LEASES = DATA / "leases"
"""Where it is noted which process uses a key."""
FORMER_JOURNALS = ROOT / "out" / "keeper"
"""Where they lay before; one that lies there stays."""


class Settings(Connection):
    """Everything."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
    )

    journal: Path | None = None
    """Where the journal lies; else keeper/<deployment>-<account>.sqlite in the user's folder for data, or
    <chain>-<account>.sqlite where a key keeps several markets."""
    markets: tuple[MarketTable, ...] = ()
    """Several that one process keeps, each as [[markets]]: its deployment, and what it sets of its own."""
    keys: dict[str, SecretStr] = Field(default_factory=dict[str, SecretStr])
    """Keys of markets that have one of their own, by its name."""
    network: str = "ethereum:local:foundry"
    """Ape's name of the network, for `tandem run`."""
    account: str | None = None
    """Ape's name of the account, for `tandem run` without a key; never guessed."""
    poll_seconds: float = Field(default=2.0, gt=0, le=3_600)
    """Between two looks for a block."""
    cycle_seconds: float = Field(default=180.0, gt=0, le=86_400)
    """All that a cycle may take; the next one goes on where it ended."""
    log: LogForm = LogForm.TEXT
    """How a keeper says on stderr what it does: for people, or as an object of JSON a line."""
    log_level: LogLevel = LogLevel.INFO
    """The least of what it says."""
    dice_seconds: float = Field(default=5.0, ge=0, le=600)
    """That a trade at the venue waits at the most, drawn anew each time: nobody knows when it comes. What is
    urgent does not wait, nor does `--once`."""
    heartbeat_seconds: float = Field(default=300.0, ge=0)
    """After which it says that it is there, and how it stands; 0 for never."""
    fees: FeeTable = FeeTable()
    relay: RelayTable = RelayTable()
    surface: SurfaceTable = SurfaceTable()
    signer: SignerTable = SignerTable()
    policy: PolicyTable = PolicyTable()
    forecast: ForecastTable = ForecastTable()
    jobs: JobsTable = JobsTable()
    metrics: MetricsTable = MetricsTable()
    alerts: AlertsTable = AlertsTable()
    leases: LeasesTable = LeasesTable()

    @field_validator("markets", mode="before")
    @classmethod
    def _listed(cls, given: Any) -> Any:
        if not isinstance(given, list | tuple):
            raise ValueError("it is no list: begin each market with [[markets]]")  # noqa: TRY004 - pydantic's
        return given  # pyright: ignore[reportUnknownVariableType] - each is looked at next

    @property
    def surface_keys(self) -> tuple[str, ...]:
        secret = self.surface.keys
        listed = secret.get_secret_value() if secret else ""
        return tuple(part.strip() for part in listed.split(",") if part.strip())

    @property
    def signer_key(self) -> str:
        """Of `tandem sign`; "" for none."""
        return self.signer.key.get_secret_value() if self.signer.key else ""

    @property
    def signer_secret(self) -> str:
        """What `tandem sign` shares with the keeper that asks it; "" for none."""
        return self.signer.secret.get_secret_value() if self.signer.secret else ""

    @property
    def alert_urls(self) -> tuple[str, ...]:
        """In words that are secrets."""
        return tuple(url.get_secret_value() for url in self.alerts.urls)

    def journal_path(self, deployment: str, account: str) -> Path:
        name = f"{deployment}-{account[:10].lower()}.sqlite"
        former = FORMER_JOURNALS / name
        here = former if former.exists() else JOURNALS / name
        return self.journal or here

    def shared_journal(self, chain_id: int, account: str) -> Path:
        """Of a key that keeps several markets: nonces are the key's, and so is what was sent with them."""
        return self.journal or JOURNALS / f"{chain_id}-{account[:10].lower()}.sqlite"


def load_settings(**given: Any) -> Settings:
    """Settings with what the command line gives on top (`tandem.settings.load`)."""
    return load(Settings, **given)
