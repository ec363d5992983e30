"""What pages, hints and help say of commands can be typed: every option that is named is one of the command
that it stands behind, and every variable, alert and figure is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import click
import pytest
import yaml

from tandem.settings import NO_SETTINGS

from .surface import commands

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")),
         *sorted((ROOT / "docs" / "guide").glob("*.md"))]  # fmt: skip
SOURCES = [*sorted((ROOT / "tandem").rglob("*.py")), *sorted((ROOT / "keeper").rglob("*.py"))]
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`]+)`")
VARIABLE = re.compile(r"\bTANDEM_[A-Z][A-Z_]*[A-Z]\b")
OTHERS = ("--runner", "--restart")
"""Of programs that a guide names without a command: Silverback and Docker."""
OF_TESTS = ("forks", "mutation")
"""Pages whose options are those of pytest and of scripts."""


def options(words: Sequence[str]) -> set[str]:
    """Of a command, and what every one takes."""
    params = commands()[tuple(words)].params
    return {name for each in params for name in (*each.opts, *each.secondary_opts)} | {"--help"}


@cache
def every_option() -> frozenset[str]:
    return frozenset(name for words in commands() for name in options(words))


def typed(text: str) -> Iterator[list[str]]:
    """The words behind `tandem`, of a page or of a source: inline, and in blocks that are typed."""
    for language, block in FENCED.findall(text):
        for line in (
            block.replace("\\\n", " ").splitlines() if language in ("sh", "console") else ()
        ):
            found = re.match(r"(?:[A-Z_]+=\S+ )*tandem (.+?)(?: #.*| \|\| true)?$", line.strip())
            if found:
                yield found[1].split()
    for span in SPAN.findall(FENCED.sub("", text)):
        words = span.split()
        if words[:1] == ["tandem"] and words[1:]:
            yield words[1:]


def faults(text: str) -> Iterator[str]:
    known = commands()
    for line in typed(text):
        depth = max((n for n in (1, 2) if tuple(line[:n]) in known), default=0)
        if not depth:
            if not line[0].startswith("-"):
                yield " ".join(line)
            continue
        words, rest = line[:depth], line[depth:]
        of_group = isinstance(known[tuple(words)], click.Group)
        if of_group and rest and not rest[0].startswith("-"):
            yield " ".join(line)
        asked = {each.split("=")[0].rstrip(",;:)") for each in rest if each.startswith("--")}
        if asked - options(words):
            yield " ".join(line)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_line_of_a_page_has_options_that_there_are(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert list(faults(text)) == []
    spans = [span.split()[0] for span in SPAN.findall(FENCED.sub("", text)) if span[:2] == "--"]
    alone = {each.split("=")[0] for each in spans}
    assert page.stem in OF_TESTS or alone <= every_option() | set(OTHERS)


def test_every_command_line_of_a_hint_has_options_that_there_are() -> None:
    found = {path.name: list(faults(path.read_text(encoding="utf-8"))) for path in SOURCES}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_variable_of_a_page_is_a_setting(page: Path) -> None:
    settings = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    known = set(VARIABLE.findall(settings)) | NO_SETTINGS
    named = set(VARIABLE.findall(page.read_text(encoding="utf-8")))
    assert {each for each in named - known if not each.startswith("TANDEM_KEYS__")} == set()


def test_every_alert_and_every_figure_of_a_page_is_one() -> None:
    file = ROOT / "docs" / "guide" / "monitoring" / "alerts.yaml"
    groups = yaml.safe_load(file.read_text())["groups"]
    alerts = {rule["alert"] for group in groups for rule in group["rules"]} | {"TandemWarning"}
    sources = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert set(re.findall(r"\bTandem[A-Z]\w+", text)) <= alerts, page.name
        for figure in re.findall(r"`tandem_(\w+)`", text):
            assert f'"{figure}"' in sources or f"tandem_{figure}" in sources, (page.name, figure)


def test_the_role_that_nobody_takes_is_in_no_example_of_taking_one() -> None:
    """`tandem govern revoke-role owner 0x…` stood there, which the Guardian always refuses."""
    shown = commands()["govern", "revoke-role"].help or ""
    assert "revoke-role signer" in shown
    assert "revoke-role owner" not in shown
