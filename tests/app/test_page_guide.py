"""The guide of the page is walked as it is written, and its pictures are those that the walk takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browsing import PICTURES, ROOT, living

pytestmark = pytest.mark.long

GUIDE = ROOT / "docs" / "guide" / "browser.md"
SHOWN = re.compile(r"!\[[^\]]+\]\(\.\./img/page/([a-z]+)\.png\)")


def test_the_guide_is_walked_and_shows_what_the_walk_sees(tmp_path: Path) -> None:
    """`make pictures` copies them. A market at its usual volatility has more to show than a calm one."""
    with living(tmp_path, "--vol", "0.6") as window:
        window.scenario("guide")
    taken = {path.stem.removeprefix("guide-") for path in PICTURES.glob("guide-*.png")}
    shown = set(SHOWN.findall(GUIDE.read_text(encoding="utf-8")))
    assert shown
    assert shown <= taken
    assert all((ROOT / "docs" / "img" / "page" / f"{name}.png").is_file() for name in shown)
