"""What stands under scripts/ is imported as the commands import it, and forgotten again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Modules of scripts/ by their own names, for one test."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    before = {*sys.modules}
    yield
    for name in {*sys.modules} - before:
        if str(getattr(sys.modules[name], "__file__", None) or "").startswith(f"{ROOT}/scripts/"):
            del sys.modules[name]
