"""README's table of who types what, by the commands' own files: `--write` brings it up to date.

A command is one file; who types it stands there (`WHO`), and README lists it for them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from tandem.plugins import find
from tandem.terminal.group import GROUP

README = Path(__file__).resolve().parents[1] / "README.md"
ROW = re.compile(r"^(\| an? (?P<who>\w+) \|[^|]*\| )[^|]*\|$", re.MULTILINE)
ELSEWHERE = "newcomer"
"""What they type stands under "Try it"."""


def listed(text: str, commands: Mapping[str, str]) -> str:
    """README with each row's commands. commands: who types each, by its name. Raises ValueError where
    somebody has no row."""
    left = {who for who in commands.values() if who != ELSEWHERE}

    def row(found: re.Match[str]) -> str:
        left.discard(found["who"])
        names = sorted(name for name, who in commands.items() if who == found["who"])
        return found[1] + " ".join(f"`{name}`" for name in names) + " |"

    text = ROW.sub(row, text)
    if left:
        raise ValueError(f"README has no row of {', '.join(sorted(left))}")
    return text


def main() -> int:
    parser = argparse.ArgumentParser(prog="list_commands", description=__doc__)
    parser.add_argument("--write", action="store_true", help="bring README up to date")
    asked = parser.parse_args()
    commands = {name: plug_in.constant("WHO") or "" for name, plug_in in find(GROUP).items()}
    text = README.read_text(encoding="utf-8")
    due = listed(text, commands)
    if asked.write:
        README.write_text(due, encoding="utf-8")
    elif due != text:
        print("README's table of commands is not what their files say: run `make generate`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
