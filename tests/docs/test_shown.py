"""What the operators' guide shows as settings is taken as such, the deployers' names all of theirs, and a
link to a part of a page finds it."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from keeper import policy
from keeper.cli.journal import KINDS
from keeper.settings import load_settings
from tandem.protocol.deploy import DeploySettings
from tandem.units import WAD

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide" / "operators.md"
BLOCK = re.compile(r"^```toml\n(.*?)^```", re.DOTALL | re.MULTILINE)
ANOTHER = re.compile(r"^# a signer's.*\n", re.MULTILINE)
"""Where one block shows two files."""
FILES = [part for block in BLOCK.findall(GUIDE.read_text()) for part in ANOTHER.split(block)]
LINK = re.compile(r"\]\(([^)#\s:]*)#([^)\s]+)\)")
HEAD = re.compile(r"^#+ (.+)$", re.MULTILINE)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("text", FILES, ids=range(len(FILES)))
def test_settings_of_the_guide_are_some(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A policy `whalley_wilmott` stood there, which nobody has."""
    (tmp_path / "tandem.toml").write_text(text)
    monkeypatch.setenv("TANDEM_CONFIG", str(tmp_path / "tandem.toml"))
    settings = load_settings()
    for table in (settings.policy, *(each.policy for each in settings.markets)):
        if table is not None:
            policy.create(table.name, **table.settings)


def test_the_deployers_guide_names_each_setting_that_stands_for_good() -> None:
    """Most of them were to be found in the code alone."""
    page = (GUIDE.parent / "deployers.md").read_text()
    rows = dict(re.findall(r"^\| (`[a-z_`, ]+`) \| ([^|]+) \|", page, re.MULTILINE))
    named = {name: rows[cell] for cell in rows for name in re.findall(r"`(\w+)`", cell)}
    wanted = [f for f in fields(DeploySettings) if f.name not in ("terms", "asset")]
    assert set(named) == {f.name for f in wanted}
    for each in wanted:
        if isinstance(each.default, int):
            plain = each.default / WAD if each.default > 10**12 else each.default
            assert f"{plain:,}".removesuffix(".0") in named[each.name], each.name


def test_the_operators_guide_says_what_each_kind_of_act_is() -> None:
    """`journal --kind` and `pause --only` took words that stood nowhere."""
    part = GUIDE.read_text().split("### Its journal")[1].split("###")[0]
    cells = re.findall(r"^\| `.*", part, re.MULTILINE)
    assert {name for row in cells for name in re.findall(r"`(\w+)`", row)} == set(KINDS)


@cache
def parts(page: Path) -> frozenset[str]:
    """Of a page, as links name them."""
    heads = (re.sub(r"[^\w\- ]", "", head).lower() for head in HEAD.findall(page.read_text()))
    return frozenset(head.strip().replace(" ", "-") for head in heads)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_part_of_a_page_finds_it(page: Path) -> None:
    for place, part in LINK.findall(page.read_text()):
        found = (page.parent / place).resolve() if place else page
        assert part in parts(found), f"{place}#{part}"
