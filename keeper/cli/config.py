"""`tandem config`: settings, their values and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import Any

import rich_click as click
from pydantic import SecretStr

from keeper import forecast, policy
from keeper.alerts.post import addresses
from keeper.assembly import check_signers, past_of, relay_of, surfaces_of
from keeper.cli import _template
from keeper.cli._journals import set_line
from keeper.cli._nodes import FAIL, OK, WARN, Line, shown
from keeper.contradictions import contradictions
from keeper.execution.proofs import SIGNERS, secret_of
from keeper.markets import crews, kept
from keeper.settings import Settings, load_settings
from keeper.sharing import connector
from keeper.tables import ForecastTable
from tandem.connection import signer_of
from tandem.engine.endpoint import host_of
from tandem.engine.node import Node
from tandem.engine.signers import from_key
from tandem.errors import ConfigError, TandemError
from tandem.settings import PREFIX, config_file, origin
from tandem.terminal.common import EXIT_FAULT, emit, json_option, table
from tandem.terminal.group import Group
from tandem.units import ETHER

WHO = "operator"


@click.group(cls=Group)
def config() -> None:
    """Settings: TANDEM_… variables over tandem.toml over the defaults.

    \b
    Examples:
      tandem config show
      TANDEM_FEES__MOST_GWEI=2 tandem config show --json
    """


@config.command()
@json_option
def show(as_json: bool) -> None:
    """List every setting. Secrets show only whether they are set.

    \b
    Examples:
      tandem config show
    """
    rows = list(_rows(load_settings().model_dump()))
    lines = table([["setting", "value", "from"], *[[n, v, o] for n, v, o in rows]])
    data = {name: {"value": value, "from": source} for name, value, source in rows}
    file = config_file()
    there = "read" if file.exists() else "not there"
    emit(as_json, data, [*lines, "", f"file {file}: {there}; variables start with {PREFIX}"])


@config.command()
@json_option
def template(as_json: bool) -> None:
    """Print a file to begin with, tandem.toml: every setting, what it is, may be, and is without the file.

    \b
    Examples:
      tandem config template
    """
    text = _template.template()
    emit(as_json, {"template": text}, text.splitlines())


@config.command()
@json_option
def validate(as_json: bool) -> None:
    """Say whether a keeper can start with these settings. Asks no node; exits with 1 where it cannot.

    \b
    Examples:
      tandem config validate
      TANDEM_CONFIG=other.toml tandem config validate --json
    """
    lines = list(_checks(load_settings()))
    emit(as_json, [asdict(line) for line in lines], map(shown, lines))
    if any(line.state == FAIL for line in lines):
        raise SystemExit(EXIT_FAULT)


Check = tuple[str, Callable[[], object], str]
"""Of a setting: its name, what raises where it is off, and what is said where it is not."""


def _checks(settings: Settings) -> Iterator[Line]:
    """Each setting that names something else, against what it names."""
    yield Line(OK, "settings", "every name and value is one")
    shared: Sequence[Check] = (
        ("deployment", lambda: kept(settings), "is a record"),
        ("key", lambda: _signers(settings),
         f"{(settings.key is not None) + len(settings.keys)} of them"),
        ("relay.url", lambda: relay_of(settings), "asked first" if settings.relay.url else "none"),
        ("alerts.urls", lambda: addresses(settings.alert_urls),
         f"{len(settings.alert_urls)} of them"),
    )  # fmt: skip
    listed = *_of_a_market(settings), *shared, *_of_a_signer(settings), *_of_several(settings)
    for name, look, found in listed:
        try:
            look()
        except TandemError as error:
            yield Line(FAIL, name, error.message, error.hint)
        else:
            yield Line(OK, name, found)
    yield set_line(settings)
    for each in contradictions(settings):
        yield Line(FAIL, each.name, each.error.message, each.error.hint)
    if settings.key is None and settings.account is None and not settings.keys:
        todo = "set TANDEM_KEY, or TANDEM_ACCOUNT to an Ape account; a dry run needs none"
        yield Line(WARN, "key", "there is none to sign with", todo)


def _of_a_market(settings: Settings) -> Iterator[Check]:
    """What one of several may set otherwise than all."""
    rule, model, surface = settings.policy, settings.forecast, settings.surface
    keys = settings.surface_keys
    history = _history(model)
    yield "rpc", lambda: Node(settings.nodes), _hosts(settings.nodes)
    yield "policy", lambda: policy.create(rule.name, **rule.settings), rule.name
    yield "forecast", lambda: forecast.create(model.name, **model.settings), model.name
    yield "forecast.history", lambda: model.history and past_of(model.history), history
    named = "TANDEM_SURFACE__KEYS"
    yield "surface.keys", lambda: [from_key(key, named) for key in keys], f"{len(keys)} of them"
    signers = f"{len(surface.signers)} of them"
    yield "surface.signers", lambda: check_signers(surface), signers
    yield "surface.chain_file", lambda: surfaces_of(surface, ETHER), surface.kind


def _history(table: ForecastTable) -> str:
    """What a forecaster begins with, in words."""
    rounds = (
        f"at most {table.rounds_days:g} days of the price feed's rounds"
        if table.rounds_days
        else ""
    )
    if table.history is None:
        return rounds or "none: it begins anew with each start"
    return f"{table.history}, then {rounds}" if rounds else str(table.history)


def _of_a_signer(settings: Settings) -> Iterator[Check]:
    """What `tandem sign` needs."""
    key, none = settings.signer_key, "no `tandem sign` here"
    yield (
        "signer.key",
        lambda: key and from_key(key, "TANDEM_SIGNER__KEY"),
        "is a key" if key else none,
    )
    yield (
        "signer.secret",
        lambda: key and secret_of(settings.signer_secret, SIGNERS),
        "is one" if key else none,
    )


def _of_several(settings: Settings) -> Iterator[Check]:
    """Where one process keeps several markets, or several processes share them."""
    if settings.markets:
        keyless = settings.key is None and not settings.keys
        known = {each.name for each in contradictions(settings)}
        yield (
            "markets",
            lambda: crews(settings, dry_run=keyless),
            f"{len(settings.markets)} of them",
        )
        with suppress(TandemError):  # said of `deployment`
            for one in kept(settings):
                yield (
                    f"market {one.name}",
                    partial(_own, one.settings, known),
                    "what it sets itself is one",
                )
    if (url := settings.leases.url) is not None:
        yield "leases.url", lambda: connector(url.get_secret_value()), "is an address"


def _signers(settings: Settings) -> None:
    """Raises ConfigError where a key that sends is none."""
    signer_of(settings)
    for name, key in settings.keys.items():
        from_key(key.get_secret_value(), f"TANDEM_KEYS__{name.upper()}")


def _own(settings: Settings, known: Collection[str]) -> None:
    """Raises what a keeper of one of several markets would. known: what contradicts itself for all."""
    for _, look, _ in _of_a_market(settings):
        look()
    for each in contradictions(settings):
        if each.name not in known:
            raise each.error


def _rows(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    for key, value in values.items():
        name = prefix + key
        if isinstance(value, Mapping) and value:
            yield from _rows(value, f"{name}.")  # pyright: ignore[reportUnknownArgumentType]
        else:
            yield name, _shown(name, value), origin(name)


def _shown(name: str, value: Any) -> str:
    if isinstance(value, SecretStr):
        return "(set)"
    if name == "surface.signers":
        return _hosts(value)
    if isinstance(value, tuple):  # of secrets, or of tables
        return f"({len(value)} set)" if value else ""  # pyright: ignore[reportUnknownArgumentType]
    if name == "rpc":
        return _hosts(str(value).split(","))
    return "" if value is None else str(value)


def _hosts(urls: Iterable[str]) -> str:
    """What may be shown of them; one that is none ends no list of settings."""
    shown = list[str]()
    for url in filter(None, map(str.strip, urls)):
        try:
            shown.append(host_of(url))
        except ConfigError:
            shown.append("(no address)")
    return ", ".join(shown)
