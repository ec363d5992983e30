"""What README says of the demo is what `make demo` shows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MINUTES = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@pytest.mark.long
def test_the_figures_and_the_picture_of_readme_are_the_demos(tmp_path: Path) -> None:
    """README said six minutes over the band, the demo nine; its picture was an older one."""
    picture = tmp_path / "demo.svg"
    done = subprocess.run(
        [str(Path(sys.executable).with_name("tandem")), "demo", "--json",
         "--out", str(tmp_path / "out"), "--picture", str(picture)],
        cwd=tmp_path, capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    shown = json.loads(done.stdout)
    page = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    fall = shown["worst_fall_usd"] / shown["nav_start_usd"]
    assert f"LPs lose {100 * fall:.1f} % of their capital" in page
    assert f"for {MINUTES[shown['residual_over_band_minutes']]} minutes of the ten days" in page
    assert f"up to {shown['max_residual_over_band']:.1f} times the band" in page
    assert picture.read_bytes() == (ROOT / "docs" / "img" / "demo.svg").read_bytes()
