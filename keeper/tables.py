"""The tables of an operator's file, one class each: what each setting is, may be, and is without the file."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from keeper import forecast, policy
from tandem.feeds.surface import Exchange


class _Table(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False
    )


class FeeTable(_Table):
    """What gas may cost. Margin that lacks, a residual past the hard band, an expiry without a price and
    notes of a feed that fails cannot wait: theirs are the urgent_ caps."""

    most_gwei: float = Field(default=5.0, gt=0, le=10_000)
    """Per unit of gas, whatever the base fee."""
    tip_gwei: float = Field(default=0.01, ge=0, le=100)
    """Of it for whoever builds the block."""
    bump: float = Field(default=1.125, ge=1.1, le=2)
    """By how much a fee is raised that is too low."""
    stuck_seconds: float = Field(default=30.0, gt=0)
    """After which it is, once a block came without it."""
    wait_seconds: float = Field(default=20.0, gt=0)
    """For which a cycle waits for a block."""
    urgent_gwei: float = Field(default=50.0, gt=0, le=10_000)
    """Per unit of gas, of what cannot wait."""
    action_eth: float = Field(default=0.05, gt=0, le=100)
    """For one transaction that can wait."""
    day_eth: float = Field(default=0.5, gt=0, le=1_000)
    """For all of a day, of those that can wait."""
    urgent_day_eth: float = Field(default=2.0, gt=0, le=1_000)
    """For all of a day, where the next one cannot wait."""


class RelayTable(_Table):
    """A relay that shows nobody what it holds until it is in a block."""

    url: SecretStr | None = None
    """Its address; what is sent goes there first."""
    seconds: float = Field(default=60.0, gt=0, le=3_600)
    """After which what it has brought into no block goes to the nodes, for all to see."""
    urgent_seconds: float = Field(default=12.0, ge=0, le=3_600)
    """The same of what cannot wait, where that is less."""


class SurfaceKind(StrEnum):
    """Where surfaces come from."""

    FLAT = "flat"
    SMILE = "smile"
    CHAIN = "chain"
    EXCHANGE = "exchange"


class Otherwise(StrEnum):
    """What is posted while an exchange gives no quotes."""

    NOTHING = "nothing"
    FLAT = "flat"
    SMILE = "smile"
    CHAIN = "chain"


class SurfaceTable(_Table):
    """Posting surfaces: off without keys."""

    keys: SecretStr | None = None
    """Signers' keys, between commas."""
    signers: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses of signers in processes of their own (`tandem sign`), in place of keys; in a variable between
    commas."""
    signer_secrets: SecretStr | None = None
    """Shared with them: one for all, or between commas one for each; without it nobody may ask them."""
    signer_seconds: float = Field(default=3.0, ge=0.1, le=60)
    """That each of them has to sign."""
    kind: SurfaceKind = SurfaceKind.FLAT
    """The smile's shape; or level and shape both, as an exchange quotes them."""
    chain_file: Path | None = None
    """A recorded chain, where the shapes are its."""
    exchange: Exchange = Exchange.DERIBIT
    """Which one, where it is an exchange that says them."""
    exchange_url: str = ""
    """Its address, where it is not its own."""
    quotes_every_seconds: float = Field(default=60.0, ge=5, le=3_600)
    """Between two looks at its quotes."""
    quotes_oldest_seconds: float = Field(default=180.0, ge=10, le=7_200)
    """Age at which they say nothing any more."""
    otherwise: Otherwise = Otherwise.NOTHING
    """What is posted then: nothing, or what is modelled with such a shape."""
    vol: float = Field(default=0.6, ge=0.05, le=3.0)
    """The level, a year's; 1.0 is 100 %."""
    basis: float = Field(default=0.0, ge=-0.5, le=0.5)
    """Of the forward over spot, a year's."""
    follow_realised: bool = False
    """Whether the level follows realised volatility."""
    refresh_seconds: int = Field(default=600, ge=60, le=7_200)
    """After which a slice is posted anew, whatever it says."""
    least_seconds: int = Field(default=60, ge=1, le=7_200)
    """Before which it is not, however much traders could take by the one that stands."""

    @field_validator("signers", mode="before")
    @classmethod
    def _addresses(cls, given: Any) -> Any:
        listed = given.split(",") if isinstance(given, str) else given
        if not isinstance(listed, list | tuple) or not all(isinstance(url, str) for url in listed):
            raise ValueError('it is no list of addresses, as ["http://127.0.0.1:8701"]')
        return tuple(url.strip() for url in listed if url.strip())


class SignerTable(_Table):
    """Of `tandem sign`, which signs surfaces with one key after a look of its own. What it judges by is
    [surface], as a keeper's source of them is."""

    key: SecretStr | None = None
    """A surface signer's, and nobody else's."""
    secret: SecretStr | None = None
    """Shared with the keeper that may ask."""
    port: int = Field(default=8701, ge=1, le=65_535)
    """Where it listens, on this machine alone."""
    vol_off: float = Field(default=0.05, gt=0, le=1)
    """How far a volatility may be from its own source's, 0.05 is five points: out to two and a half
    deviations from the money."""
    forward_off: float = Field(default=0.005, gt=0, le=0.1)
    """How far a forward may be, of itself."""
    oldest_seconds: float = Field(default=120.0, ge=5, le=7_200)
    """How long ago the moment may be that a slice describes."""


class PolicyTable(_Table):
    """Which hedging policy decides."""

    name: str = policy.DEFAULT
    """Of one that is built in or plugged in."""
    settings: dict[str, float] = Field(default_factory=dict)
    """Its own."""


class ForecastTable(_Table):
    """Which forecaster says how volatile the price is."""

    name: str = forecast.DEFAULT
    """Of one that is built in or plugged in."""
    history: Path | None = None
    """Recorded candles from which it learns before it begins, so that a restart forgets nothing that is in
    them."""
    rounds_days: float = Field(default=4.0, ge=0, le=60)
    """Days of the price feed's own rounds from which it learns too, after what is recorded, and of fills
    whose mark-outs are told; 0 for none."""
    settings: dict[str, float] = Field(default_factory=dict)
    """Its own."""


class JobsTable(_Table):
    """What this keeper takes on itself."""

    settle: bool = True
    """Expiries that are past."""
    rebalance: bool = True
    """The hedge."""
    bounty: bool = True
    """Whether the hedge goes home through the bounty where that pays."""
    margin: bool = True
    """Top-ups, sweeps, moves between venues."""
    exits: bool = True
    """LPs who leave."""
    lot: float = Field(default=0.001, gt=0)
    """The smallest order, of the asset."""
    epochs: int = Field(default=8, ge=1, le=32)
    """Of LP exits in one transaction."""
    mark_seconds: int = Field(default=4 * 3_600, ge=0)
    """Age at which the Vault's mark is refreshed, 0 for never."""


class LogForm(StrEnum):
    """What a line is."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """From which level on events are told."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class MetricsTable(_Table):
    """What `tandem run` says of itself by HTTP: /metrics, /health and /ready. Neither --once nor --dry-run
    does."""

    port: int = Field(default=0, ge=0, le=65_535)
    """Where it listens, 0 for nowhere."""
    host: str = "127.0.0.1"
    """The address it listens at; whoever reaches another one reads everything, unasked who he is."""
    silent_seconds: float = Field(default=300.0, gt=0)
    """For which no cycle may begin or end before /health says so, or succeed before /ready does; longer than
    `cycle_seconds`."""


class AtOnce(StrEnum):
    """Lines that are alerts by themselves."""

    WARNINGS = "warnings"
    ERRORS = "errors"
    NOTHING = "nothing"


class AlertsTable(_Table):
    """Whom `tandem run` tells by itself what is wrong: what the rules for Prometheus ask of /metrics."""

    urls: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Addresses as apprise has them, as a list; in a variable between spaces, or as JSON."""
    remind_hours: float = Field(default=6.0, ge=0.1, le=1_000)
    """After which what lasts is said again."""
    at_once: AtOnce = AtOnce.WARNINGS
    """What of the keeper's own lines is told as soon as it is said, beside what holds for a while."""

    @field_validator("urls", mode="before")
    @classmethod
    def _several(cls, given: Any) -> Any:
        """A variable's text as a list; what is wrong with it is said without it."""
        if not isinstance(given, str):
            listed = given
        elif given.strip().startswith("["):
            try:
                listed = json.loads(given)
            except ValueError:
                raise ValueError("it begins as JSON and is none") from None
        else:
            listed = given.split()
        if not isinstance(listed, list | tuple) or not all(isinstance(url, str) for url in listed):
            raise ValueError('it is no list of addresses, as ["json://host/path"]')
        return [url.strip() for url in listed if url.strip()]


LONGEST_LEASE = 600


class LeasesTable(_Table):
    """Markets that several processes share: each is kept by one, and by another once that one is gone."""

    url: SecretStr | None = None
    """A Postgres database, as postgresql://user:password@host/name; without one nothing is shared."""
    seconds: float = Field(default=15.0, ge=2, le=LONGEST_LEASE)
    """For how long a market stays a process's of which nothing is heard."""
    away_seconds: float = Field(default=60.0, ge=1, le=3_600)
    """After which a process lets go of a market that it cannot read, its nodes being away."""


class MarketTable(_Table):
    """One of several markets that a process keeps. What it does not set is as for all."""

    deployment: Path | None = None
    """What `tandem deploy apply` wrote."""
    market: str = ""
    """Which of a deployment's markets; all of them where none is named."""
    rpc: str = ""
    """Nodes of its chain."""
    key: str = ""
    """The name of its key, one of TANDEM_KEYS__NAME; else TANDEM_KEY is."""
    surface: SurfaceTable | None = None
    policy: PolicyTable | None = None
    forecast: ForecastTable | None = None
    jobs: JobsTable | None = None
