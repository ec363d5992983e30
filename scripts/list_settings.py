"""docs/settings.md, every setting of a keeper as its table declares it: `--write` brings it up to date.

What each is, what it may be and what holds without it is read from the models that read the settings, as
`tandem config template` does.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from keeper.cli._template import bounds, in_toml, is_secret
from keeper.settings import Settings
from tandem.settings import NESTED, PREFIX

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "settings.md"
HEAD = """\
# Every setting

Written by `make generate` from the tables that read them. `tandem config template` prints the same as a file
to begin with, `tandem config show` what holds where it is run, and `tandem config validate` says whether a
keeper can start with it. A setting is a line of `tandem.toml`, or the variable beside it, which counts over
the file. A *secret* is taken from the file too, and belongs into its variable: files are copied, kept and
shown. What they are for is in [Running a keeper](guide/operators.md).
"""
TABLE = "\n| setting | variable | without it | what |\n|---|---|---|---|\n"


def page() -> str:
    """The whole page."""
    plain, tables = list[str](), list[str]()
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            tables += [f"\n## [{name}]\n\n{_text(kind.__doc__ or '')}\n", TABLE]
            tables += (_row(f"{name}{NESTED}{n}", n, part) for n, part in kind.model_fields.items())
        else:
            plain.append(_row(name, name, field))
    return "".join([HEAD, TABLE, *plain, *tables])


def _row(variable: str, name: str, field: FieldInfo) -> str:
    what = _text(" ".join(filter(None, (field.description or "", bounds(field)))))
    value = in_toml(field.get_default(call_default_factory=True))
    if is_secret(field.annotation):
        value = None
    default = "–" if value is None else f"`{value.replace(f'{ROOT.as_posix()}/', '')}`"
    secret = ", a *secret*" if is_secret(field.annotation) else ""
    return f"| `{name}`{secret} | `{PREFIX}{variable.upper()}` | {default} | {what} |\n"


def _text(words: str) -> str:
    """On one line; no bar ends a cell, and nothing is a tag."""
    return " ".join(words.split()).replace("|", "\\|").replace("<", "&lt;")


def main() -> int:
    parser = argparse.ArgumentParser(prog="list_settings", description=__doc__)
    parser.add_argument("--write", action="store_true", help="bring docs/settings.md up to date")
    asked = parser.parse_args()
    due = page()
    if asked.write:
        PAGE.write_text(due, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != due:
        print("docs/settings.md is not what the tables say: run `make generate`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
