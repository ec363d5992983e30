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


def faults_of(body: int, name: str = "views/any.tsx", begin: str = "function Any() {") -> list[str]:
    return list(CHECK["faults"](name, "\n".join([begin, *["  act();"] * body, "}", ""])))


@pytest.mark.parametrize(
    "begin",
    [
        "function Any() {",
        "export async function Any(",
        "export const Any = (it: It) => {",
        "  async #any(it: It): Promise<void> {",
    ],
)
def test_a_function_over_the_measure_is_a_fault(begin: str) -> None:
    inner = len(begin) - len(begin.lstrip())
    for body, faults in ((38, 0), (39, 1)):
        text = "\n".join([begin, *[" " * inner + "  act();"] * body, " " * inner + "}"])
        assert len(list(CHECK["faults"]("views/any.tsx", text))) == faults


def test_a_call_and_a_branch_are_no_functions() -> None:
    for begin in ("  useEffect(() => {", "  if (isLong) {", "  for (const each of all) {"):
        assert faults_of(60, begin=begin) == []


def test_a_known_long_function_grows_no_more_and_is_written_down_when_it_shrinks() -> None:
    place, known = next(iter(CHECK["LONG"].items()))
    name, function = place.split(" ")
    begin = f"function {function}() {{"
    assert faults_of(known - 2, name, begin) == []
    assert "find the seam" in faults_of(known - 1, name, begin)[0]
    for lines, told in ((known, False), (known - 1, True)):
        text = "\n".join([begin, *["  act();"] * (lines - 2), "}", ""])
        said = [each for each in CHECK["shrunk"]({name: text}) if f"{name}: {function} " in each]
        assert bool(said) is told
