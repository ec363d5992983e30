"""What an operator sets: TANDEM_… environment variables over a TOML file over the defaults.

The file is ./tandem.toml, or the one that TANDEM_CONFIG names. A table of the file is a prefix of
the variable: `[surface] vol = 0.6` is TANDEM_SURFACE__VOL=0.6. Keys belong into the environment.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from keeper.engine.artifacts import ROOT
from keeper.errors import ConfigError
from keeper.feeds.surface import Kind as SurfaceKind

PREFIX = "TANDEM_"
NESTED = "__"
CONFIG = "TANDEM_CONFIG"
DEFAULT_FILE = Path("tandem.toml")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FeeTable(_Table):
    """Gas: never more than `most_gwei` per gas; raised by `bump` when stuck."""

    most_gwei: float = Field(default=5.0, gt=0, le=10_000)
    tip_gwei: float = Field(default=0.01, ge=0, le=100)
    bump: float = Field(default=1.125, ge=1.1, le=2)
    stuck_seconds: float = Field(default=30.0, gt=0)
    wait_seconds: float = Field(default=20.0, gt=0)


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


class JobsTable(_Table):
    """What this keeper takes on itself. lot: ETH; epochs: LP exit epochs per transaction."""

    settle: bool = True
    rebalance: bool = True
    margin: bool = True
    exits: bool = True
    lot: float = Field(default=0.001, gt=0)
    epochs: int = Field(default=8, ge=1, le=32)


class Settings(BaseSettings):
    """Everything. rpc: one or several nodes, comma-separated, the first preferred."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=NESTED, extra="forbid", frozen=True
    )

    rpc: str = "http://127.0.0.1:8545"
    deployment: Path = ROOT / "deployments" / "local.json"
    journal: Path | None = None
    """None: out/keeper/<deployment>-<account>.sqlite."""
    key: SecretStr | None = None
    """The keeper's private key; under Silverback an Ape account signs instead."""
    network: str = "ethereum:local:foundry"
    """Ape's name of the network, for `tandem run`."""
    account: str = "TEST::1"
    """Ape's name of the account, for `tandem run`."""
    rpc_timeout: float = Field(default=20.0, gt=0, le=120)
    poll_seconds: float = Field(default=2.0, gt=0)
    fees: FeeTable = FeeTable()
    surface: SurfaceTable = SurfaceTable()
    policy: PolicyTable = PolicyTable()
    jobs: JobsTable = JobsTable()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = TomlConfigSettingsSource(settings_cls, config_file())
        return init_settings, env_settings, file

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.rpc.split(",") if part.strip())

    @property
    def surface_keys(self) -> tuple[str, ...]:
        secret = self.surface.keys
        listed = secret.get_secret_value() if secret else ""
        return tuple(part.strip() for part in listed.split(",") if part.strip())

    def journal_path(self, deployment: str, account: str) -> Path:
        name = f"{deployment}-{account[:10].lower()}.sqlite"
        return self.journal or ROOT / "out" / "keeper" / name


def config_file() -> Path:
    """The TOML file that is read, whether or not it exists."""
    return Path(os.environ.get(CONFIG, str(DEFAULT_FILE)))


def load_settings(**given: Any) -> Settings:
    """Settings with what the command line gives on top; None counts as not given. Raises
    ConfigError that names what is wrong and never shows a value: it may be a secret."""
    named = os.environ.get(CONFIG)
    if named and not Path(named).exists():
        raise ConfigError(f"{CONFIG} names {named}, which does not exist", "correct or unset it")
    try:
        return Settings(**{k: v for k, v in given.items() if v is not None})
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{config_file()}: {error}", "correct the line") from None
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}"
            for e in error.errors(include_input=False, include_url=False)
        ]
        raise ConfigError(
            f"settings: {'; '.join(faults)}", "`tandem config show` lists them all"
        ) from None


def origin(name: str) -> str:
    """Where a setting comes from: "environment", "file" or "default". name: dotted."""
    if PREFIX + name.replace(".", NESTED).upper() in {k.upper() for k in os.environ}:
        return "environment"
    file = config_file()
    table: Any = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for part in name.split("."):
        if not isinstance(table, dict) or part not in table:
            return "default"
        table = table[part]
    return "file"
