"""The page's floors and measures are held."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

import pytest

CHECK = run_path(str(Path(__file__).resolve().parents[3] / "scripts" / "check_app.py"))


@pytest.mark.parametrize(
    ("name", "imported"),
    [
        ("chain/sending.ts", "../state/pending.ts"),
        ("state/form.ts", "../parts/basic.tsx"),
        ("views/header.tsx", "../main.tsx"),
        ("views/verify/book.tsx", "../../main.tsx"),
        ("model/book.ts", "../protocol/deal.ts"),
    ],
)
def test_an_arrow_that_points_up_is_a_fault(name: str, imported: str) -> None:
    assert len(list(CHECK["faults"](name, f'import {{ x }} from "{imported}";'))) == 1


@pytest.mark.parametrize(
    ("name", "imported"),
    [
        ("chain/reader.ts", "../protocol/units.ts"),
        ("model/mark.ts", "../protocol/series.ts"),
        ("protocol/deal.ts", "../chain/reader.ts"),
        ("views/verify/book.tsx", "../../model/book.ts"),
        ("state/live.ts", "./market.ts"),
    ],
)
def test_one_that_points_down_is_none(name: str, imported: str) -> None:
    assert list(CHECK["faults"](name, f'import type {{ x }} from "{imported}";')) == []


def test_a_file_over_the_measure_is_a_fault_unless_it_is_generated() -> None:
    text = "//\n" * 301
    assert len(list(CHECK["faults"]("views/long.tsx", text))) == 1
    assert list(CHECK["faults"]("abi/long.ts", text)) == []
