"""Settings as a file to begin with: of each what it is, what it may be, and what holds without the file."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from keeper.settings import Settings
from tandem.settings import NESTED, PREFIX
from tandem.terminal.json_text import to_json

SIGNS = {"gt": "over", "ge": "from", "lt": "under", "le": "to"}
HEAD = """\
# Settings of `tandem`: this file, named tandem.toml where a command is run, or by TANDEM_CONFIG.
# A variable counts over it: [fees] most_gwei = 2 is TANDEM_FEES__MOST_GWEI=2. A value behind # is what holds
# without a line of yours; `tandem config validate` says whether a keeper can start with what you wrote.
"""


def template() -> str:
    """The whole file; without the signs before its values it is what holds anyway."""
    plain, tables = list[str](), list[str]()
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            tables += ["", f"[{name}]", *_comment(kind.__doc__ or "")]
            for inner, part in kind.model_fields.items():
                tables += _lines(inner, part, f"{name}{NESTED}{inner}")
        else:
            plain += _lines(name, field, name)
    return "\n".join([HEAD, *plain, *tables, ""])


def _lines(name: str, field: FieldInfo, variable: str) -> Iterator[str]:
    """One setting."""
    yield from _comment(" ".join(filter(None, (field.description or "", bounds(field)))))
    if is_secret(field.annotation):
        yield f"# a secret: set {PREFIX}{variable.upper()} instead"
    else:
        yield _value(name, field.get_default(call_default_factory=True))


def _comment(text: str) -> Iterator[str]:
    """A paragraph, its lines as long as they were."""
    return (f"# {line.strip()}" for line in text.strip().splitlines())


def bounds(field: FieldInfo) -> str:
    """What it may be: a range, or one of these."""
    found = [
        f"{sign} {getattr(rule, name):g}"
        for rule in field.metadata
        for name, sign in SIGNS.items()
        if hasattr(rule, name)
    ]
    kind = field.annotation
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        found.append("one of " + ", ".join(kind))
    return f"({' '.join(found)})" if found else ""


def is_secret(kind: Any) -> bool:
    around = (Union, UnionType, tuple, dict)
    parts = get_args(kind) if get_origin(kind) in around else (kind,)
    return SecretStr in parts


def _value(name: str, value: Any) -> str:
    """The line as TOML has it, behind a sign."""
    spelled = in_toml(value)
    return f"# not set: {name}" if spelled is None else f"# {name} = {spelled}"


def in_toml(value: Any) -> str | None:
    """What holds without the file, as TOML has it; None for what is not set. Tables in a list are none."""
    if value is None:
        return None
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        return "[]"
    if isinstance(value, tuple | bool | int | float):
        return to_json(value, one_line=True)
    text = value.as_posix() if isinstance(value, Path) else str(value)
    return to_json(text, one_line=True)
