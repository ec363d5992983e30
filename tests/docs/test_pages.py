"""README and the guides: every command that they show is run, in order, beside a market that lives."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_market import Up, started

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]
APART = ROOT / "docs" / "guide" / "deployers.md"
BESIDE = [page for page in PAGES if page != APART]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


SCRIPT = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
MAKE = re.compile(r"(make [a-z]+\n)+")


def blocks(page: Path) -> list[str]:
    """What a page shows to be typed, in order; make's targets are CI's own steps."""
    shown = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [block for block in shown if not MAKE.fullmatch(block)]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """Calm prices, so that what is near the money stays it."""
    with started(tmp_path_factory.mktemp("up"), "--vol", "0.2", "--speed", "1") as market:
        yield market


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """For who deploys: a venue that is made moves its chain's clock half an hour ahead, past the age of every
    surface that stands there, and who trades beside it waits for the next ones."""
    with started(tmp_path_factory.mktemp("apart"), "--vol", "0.2", "--speed", "1") as market:
        yield market


@pytest.mark.live
@pytest.mark.parametrize("page", BESIDE, ids=[page.stem for page in BESIDE])
def test_every_command_of_a_guide_works_when_pasted(up: Up, page: Path) -> None:
    pasted(up, page)


@pytest.mark.live
def test_every_command_of_the_deployers_guide_works_when_pasted(apart: Up) -> None:
    pasted(apart, APART)


def pasted(up: Up, page: Path) -> None:
    shown = blocks(page)
    assert shown, f"{page.name} shows nothing to try"
    path = f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"
    for block in shown:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block], cwd=ROOT, text=True, check=False,
            env=up.environment | {"PATH": path}, capture_output=True, timeout=240,
        )  # fmt: skip
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}\n{up.said()}"
        assert "Traceback" not in done.stderr


@pytest.mark.live
def test_the_script_of_readme_is_the_example_and_trades_beside_a_market(up: Up) -> None:
    (script,) = SCRIPT.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    example = (ROOT / "docs" / "examples" / "first_trade.py").read_text(encoding="utf-8")
    assert example.endswith(script)
    assert sum(bool(line.strip()) for line in script.splitlines()) <= 12
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, text=True, check=False, env=up.environment,
        capture_output=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stderr}\n{up.said()}"
    assert "ETH-" in done.stdout


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))],
    ids=lambda page: str(page.relative_to(ROOT)),
)  # fmt: skip
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
