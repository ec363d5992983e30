"""Which markets a process keeps: the settings of each, and with whom it shares a key and nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keeper.settings import Settings
from keeper.tables import MarketTable
from tandem.connection import records, signer_of
from tandem.engine.signers import Signer
from tandem.errors import ConfigError
from tandem.protocol.deployment import Deployment

TABLES = ("surface", "policy", "forecast", "jobs")
"""What a market may set of its own."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One market and its settings, as if it were the only one."""

    settings: Settings
    deployment: Deployment

    @property
    def name(self) -> str:
        """By which logs, figures and the journal tell it from the others."""
        return self.deployment.name

    @property
    def lease(self) -> str:
        """What all processes call it."""
        return f"{self.deployment.chain_id}:{self.deployment.address('Market').lower()}"


def with_records(settings: Settings, deployments: Sequence[Path]) -> Settings:
    """With the records that a command line names in place of the file's markets."""
    if not deployments:
        return settings
    if len(deployments) == 1:
        return settings.model_copy(update={"deployment": deployments[0], "markets": ()})
    listed = tuple(MarketTable(deployment=each, market=settings.market) for each in deployments)
    return settings.model_copy(update={"markets": listed})


def kept(settings: Settings) -> tuple[Kept, ...]:
    """Each of them. Raises ConfigError where two are one, or bear one name, and as `Deployment.load` does."""
    found = tuple(
        Kept(of_record, Deployment.load(of_record.deployment))
        for each in _each(settings)
        for of_record in _by_record(each)
    )
    seen: dict[str, Kept] = {}
    for one in found:
        other = seen.setdefault(one.name, one)
        if other is not one:
            raise ConfigError(
                f"two markets are called {one.name}: {other.settings.deployment} and "
                f"{one.settings.deployment}",
                "name each once; where they are two, give the later one's record another `name`: logs, "
                "figures and the journal tell markets by it",
            )
    return found


def _each(settings: Settings) -> Iterator[Settings]:
    """The settings of each entry of `markets`; where there is none, as they are."""
    if not settings.markets:
        yield settings
    for entry in settings.markets:
        update: dict[str, object] = {"markets": (), "market": entry.market}
        update |= {"deployment": entry.deployment} if entry.deployment else {}
        update |= {"rpc": entry.rpc} if entry.rpc else {}
        if entry.key:
            if entry.key not in settings.keys:
                raise ConfigError(
                    f"there is no key called {entry.key}",
                    f"set TANDEM_KEYS__{entry.key.upper()}, or correct `key` in [[markets]]",
                )
            update["key"] = settings.keys[entry.key]
        for name in TABLES:
            own = getattr(entry, name)
            if own is not None:
                given = {key: getattr(own, key) for key in own.model_fields_set}
                update[name] = getattr(settings, name).model_copy(update=given)
        yield settings.model_copy(update=update)


def _by_record(settings: Settings) -> Iterator[Settings]:
    for place in records(settings):
        yield settings.model_copy(update={"deployment": place, "market": ""})


@dataclass(frozen=True, slots=True)
class Crew:
    """Markets of one key on the same nodes, before anybody was asked."""

    markets: tuple[Kept, ...]
    signer: Signer | None

    @property
    def settings(self) -> Settings:
        """Of what they share."""
        return self.markets[0].settings

    @property
    def chain_id(self) -> int:
        return self.markets[0].deployment.chain_id

    @property
    def who(self) -> str:
        """As an operator is told of it."""
        names = ", ".join(one.name for one in self.markets)
        return f"{names}, {self.signer.address}" if self.signer else names


def crews(settings: Settings, *, dry_run: bool = False) -> tuple[Crew, ...]:
    """By nodes, chain and key. Raises ConfigError where a market has no key, or one file would be two keys'
    journal."""
    found: dict[tuple[Any, ...], list[Kept]] = {}
    signers: dict[tuple[Any, ...], Signer | None] = {}
    for one in kept(settings):
        signer = None if dry_run else signer_of(one.settings)
        if signer is None and not dry_run:
            raise ConfigError(
                f"there is no key for {one.name}",
                "set TANDEM_KEY, or name one of TANDEM_KEYS__NAME as its `key`",
            )
        key = one.settings.nodes, one.deployment.chain_id, signer.address if signer else ""
        found.setdefault(key, []).append(one)
        signers[key] = signer
    listed = tuple(Crew(tuple(each), signers[key]) for key, each in found.items())
    keys = {(each.chain_id, each.signer.address) for each in listed if each.signer}
    if len(keys) < len(listed) and not dry_run:
        raise ConfigError(
            "markets of one key and chain name different nodes",
            "give them the same `rpc`: one key sends through one queue",
        )
    if settings.journal is not None and len(keys) > 1:
        raise ConfigError(
            f"{settings.journal} cannot be the journal of {len(keys)} keys",
            "leave TANDEM_JOURNAL out: each key and chain has a journal of its own",
        )
    return listed
