"""What everybody sets who talks to a market: TANDEM_… variables over a TOML file over the defaults.

The file is ./tandem.toml, or the one that TANDEM_CONFIG names. Keys belong into the environment. A
package that needs more settings derives its own class from `Connection`.
"""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from tandem.engine.artifacts import ROOT
from tandem.errors import ConfigError
from tandem.files import read_text
from tandem.plugins import find

PREFIX = "TANDEM_"
NESTED = "__"
CONFIG = "TANDEM_CONFIG"
DEFAULT_FILE = Path("tandem.toml")
GROUP = "tandem.settings"
"""Entry points that name classes of settings, so that a name that none of them knows is found."""
NO_SETTINGS = frozenset({CONFIG, "TANDEM_DATA", "TANDEM_NIGHTLY", "TANDEM_NIGHT_MARKETS"})
"""Variables of ours that no class reads: the file, and what tests look at."""


class Connection(BaseSettings):
    """A node, a deployment on its chain, a key. rpc: one or several nodes, comma-separated, the
    first preferred. What other classes read of the same file is not looked at."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
    )

    rpc: str = "http://127.0.0.1:8545"
    """A node's address, or several between commas: the first that is well serves, and money moves on what two
    say."""
    deployment: Path = ROOT / "deployments" / "local.json"
    """What `tandem deploy apply` wrote."""
    market: str = ""
    """Which of a deployment's markets, where it has several: its record is <deployment>-<market>.json."""
    key: SecretStr | None = None
    """A private key that signs; without it an Ape account does."""
    rpc_timeout: float = Field(default=20.0, gt=0, le=120)
    """Seconds for a request, whatever nodes do."""

    @field_validator("key")
    @classmethod
    def _empty_is_none(cls, key: SecretStr | None) -> SecretStr | None:
        return key if key and key.get_secret_value().strip() else None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = _File(settings_cls, config_file())
        return init_settings, env_settings, file

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.rpc.split(",") if part.strip())


class _File(TomlConfigSettingsSource):
    """The library's own reader takes no mark that some editors begin a file with."""

    def _read_file(self, file_path: Path) -> dict[str, Any]:
        return _toml(file_path)


def _toml(file: Path) -> dict[str, Any]:
    """What a TOML file holds; nothing where there is none. Raises OSError or ConfigError."""
    try:
        return tomllib.loads(read_text(file)) if file.exists() else {}
    except UnicodeDecodeError:
        raise ConfigError(f"{file} is not UTF-8", "save the file as UTF-8") from None
    except (ValueError, RecursionError) as error:
        why = "its values lie too deep" if isinstance(error, RecursionError) else error
        raise ConfigError(f"{file}: {why}", "correct the line") from None


OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""Whoever of a file's mode is not its owner."""
FIELD = re.compile(r"field \"(\w+)\"")
"""In what the library says of a value that it cannot parse."""
OUR_WORDS = "Value error, "
"""What the library puts before what a validator of ours says."""
S = TypeVar("S", bound=Connection)


def config_file() -> Path:
    """The TOML file that is read, whether or not it exists."""
    return Path(os.environ.get(CONFIG) or DEFAULT_FILE)


def load(kind: type[S], **given: Any) -> S:
    """Settings with what the command line gives on top; None counts as not given. Raises
    ConfigError that names what is wrong and never shows a value: it may be a secret."""
    named = os.environ.get(CONFIG)
    if named and not Path(named).exists():
        raise ConfigError(f"{CONFIG} names {named}, which does not exist", "correct or unset it")
    try:
        _refuse_unknown(kind)
        _refuse_open_secrets(kind)
        return kind(**{k: v for k, v in given.items() if v is not None})
    except OSError as error:
        why = error.strerror or error
        raise ConfigError(f"{config_file()}: {why}", "name a file that is one") from None
    except SettingsError as error:
        raise _no_table(kind, error) from None
    except ValidationError as error:
        raise _faults(kind, error) from None
    except RecursionError:
        raise ConfigError("settings: values lie too deep", "correct what holds JSON") from None


def _refuse_open_secrets(kind: type[Connection]) -> None:
    """Raises ConfigError where a secret stands in a file that others of the machine may read, or write."""
    file = config_file()
    if os.name != "posix" or not file.exists() or not file.stat().st_mode & OTHERS:
        return
    lines = _toml(file)
    for name in _names(kind):
        if name.is_secret and _value(lines, name.field.split(".")):
            mode = stat.S_IMODE(file.stat().st_mode)
            raise ConfigError(
                f"{name.field} in {file} is a secret, and others may read that file (mode {mode:03o})",
                f"chmod 600 {file}, or set {name.variable} in the environment instead",
            )


def _no_table(kind: type[Connection], error: SettingsError) -> ConfigError:
    """For a variable that is named as a table is, and holds none."""
    found = FIELD.search(str(error))
    if found is None or found[1] not in kind.model_fields:
        return ConfigError(f"settings: {error}", "a table's variable holds JSON")
    name = f"{PREFIX}{found[1].upper()}"
    within = getattr(kind.model_fields[found[1]].annotation, "model_fields", {})
    each = f"{name}__{next(iter(within), 'name').upper()}"
    return ConfigError(f"{name} holds no table", f"set {each}=… instead, or write JSON")


def _faults(kind: type[Connection], error: ValidationError) -> ConfigError:
    """What is wrong, and where it stands: no command lists settings that cannot be read."""
    names, said, todo = [name.field for name in _names(kind)], list[str](), list[str]()
    for each in error.errors(include_input=False, include_url=False):
        name = ".".join(map(str, each["loc"]))
        if each["type"] == "extra_forbidden":
            near = get_close_matches(name, names, 1)
            meant = f"did you mean {near[0]}? else " if near else ""
            said.append(f"{name} is no setting")
            todo.append(f"{meant}remove it: {_place(name)}")
        else:
            said.append(f"{name}: {each['msg'].removeprefix(OUR_WORDS)}")
            todo.append(f"correct {_place(name)}")
    return ConfigError(f"settings: {'; '.join(said)}", "; ".join(dict.fromkeys(todo)))


def _place(name: str) -> str:
    """Where the value of a setting comes from, whether its own or one of a table around it."""
    parts = name.split(".")
    ours = {variable.upper(): variable for variable in os.environ}
    for length in range(len(parts), 0, -1):
        variable = PREFIX + NESTED.join(parts[:length]).upper()
        if variable in ours:
            return ours[variable]
    return f"{name} in {config_file()}"


@dataclass(frozen=True, slots=True)
class _Name:
    """A field of a class: its variable, its dotted name, whether its keys are anybody's choice, and whether
    nobody else may know what it holds."""

    variable: str
    field: str
    is_free: bool
    is_secret: bool

    def covers(self, variable: str) -> bool:
        return variable == self.variable or (
            self.is_free and variable.startswith(self.variable + NESTED)
        )


def _names(kind: type[BaseModel], prefix: str = PREFIX, above: str = "") -> Iterator[_Name]:
    for name, field in kind.model_fields.items():
        inner, variable = field.annotation, prefix + name.upper()
        secret = inner is SecretStr or SecretStr in get_args(inner)
        yield _Name(variable, above + name, get_origin(inner) is dict, secret)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _names(inner, variable + NESTED, f"{above}{name}.")


def _unknown(
    names: Sequence[_Name], variables: Iterable[str], keys: Iterable[str]
) -> tuple[list[str], list[str]]:
    """The variables and the file's keys that no name stands for."""
    fields = {name.field for name in names}
    odd = [v for v in variables if not any(name.covers(v.upper()) for name in names)]
    return odd, [key for key in keys if key not in fields]


def _refuse_unknown(kind: type[Connection]) -> None:
    """Raises ConfigError for a variable, or a line of the file, that no class reads: what is
    misspelt must not be taken for what is set."""
    ours = [k for k in os.environ if k.upper().startswith(PREFIX) and k not in NO_SETTINGS]
    file = config_file()
    lines = _toml(file)
    names = list(_names(kind))
    odd, strange = _unknown(names, ours, lines)
    if odd or strange:  # to this class; other classes are loaded only now
        names += [name for other in find(GROUP).values() for name in _names(other.load())]
        odd, strange = _unknown(names, ours, lines)
    if not odd and not strange:
        return
    if odd:
        found, shown = odd[0], {name.variable.removeprefix(PREFIX): name for name in names}
        near = get_close_matches(found.upper().removeprefix(PREFIX), shown, 1)
        meant = shown[near[0]].variable if near else ""
    else:
        found, near = strange[0], get_close_matches(strange[0], [name.field for name in names], 1)
        found, meant = f"{file}: {found}", near[0] if near else ""
    hint = f"did you mean {meant}? else remove it" if meant else "remove it"
    raise ConfigError(
        f"{found} is no setting", f"{hint}; then `tandem config show` lists what there is"
    )


def origin(name: str) -> str:
    """Where a setting comes from: "environment", "file" or "default". name: dotted."""
    ours, parts = {k.upper(): value for k, value in os.environ.items()}, name.split(".")
    if PREFIX + NESTED.join(parts).upper() in ours:
        return "environment"
    for length in range(1, len(parts)):  # a table around it, which is JSON
        text = ours.get(PREFIX + NESTED.join(parts[:length]).upper(), "{}")
        if _value(json.loads(text), parts[length:]) is not None:
            return "environment"
    file = config_file()
    return "file" if _value(_toml(file), parts) is not None else "default"


def _value(table: Any, parts: Sequence[str]) -> Any:
    """What a table has there, in the tables inside it; None where it has nothing."""
    for part in parts:
        table = table.get(part) if isinstance(table, dict) else None
    return table
