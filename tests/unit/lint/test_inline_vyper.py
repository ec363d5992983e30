"""What is written out does what the library does, and the committed text is what the library gives."""

from __future__ import annotations

import random
import types
from functools import cache
from pathlib import Path

import pytest

from scripts import inline_vyper
from scripts.inline_vyper import LIBRARY, TARGET, generate, main
from scripts.inliner.text import InlineError

HEADER = "# pragma version 0.4.3\n# pragma evm-version cancun\n# pragma nonreentrancy on\n"
LOW = """
struct Pair:
    a: int256
    b: int256


STEP: constant(int256) = 3


@internal
@pure
def twice(x: int256) -> int256:
    return x + x


@internal
@pure
def next_of(x: int256) -> int256:
    return x * STEP + 1


@internal
@pure
def split(word: int256) -> Pair:
    return Pair(a=word // 7, b=word % 7)


@internal
@pure
def moved(x: int256, by: int256) -> int256:
    x += self.next_of(by)
    far: int256 = x * by
    if far > 50:
        far = self.rare(far)
    return far + x


@internal
@pure
def rare(x: int256) -> int256:
    y: int256 = x - 50
    return y * y


@internal
@pure
def pair(x: int256, y: int256) -> (int256, int256):
    first: int256 = x * y
    second: int256 = first - x
    return second, first


@internal
@pure
def step(at: int256, by: int256) -> (int256, int256):
    at += by
    size: int256 = at * by
    return at, size


@internal
@pure
def late(a: int256, b: int256) -> int256:
    out: int256 = a + 1
    out *= out
    out -= b
    return out


@internal
@pure
def less(a: int256, b: int256) -> int256:
    b -= 1
    b *= a
    return b


@internal
@pure
def crossed(x: int256, y: int256) -> (int256, int256):
    total: int256 = x + y
    return total * total, y - total
"""
ROOT = """
from . import low


@internal
@pure
def f(x: int256, y: int256, word: int256) -> int256:
    k: int256 = y
    y = low.moved(x, k)
    total: int256 = low.moved(x + 1, y) + low.twice(x)
    moved: int256 = low.moved(k, 2)
    a: int256 = 0
    b: int256 = 0
    a, b = low.pair(x * 13, k)
    b, moved = low.crossed(a, b + 1)
    # the targets the other way round: b is read after a is written
    b, a = low.pair(a, b)
    k, b = low.step(k, a)
    y = low.late(x, y)
    fields: low.Pair = low.split(word)
    if total > 10:
        b = low.moved(b, fields.a)
    return self.last(total + moved + a * 3 + b * 5 + k * 7 + y * 11, fields.b)


@internal
@pure
def last(x: int256, y: int256) -> int256:
    x -= y
    return x * 2
"""


def library(folder: Path, root: str = ROOT) -> Path:
    (folder / "low.vy").write_text(HEADER + LOW)
    (folder / "root.vy").write_text(HEADER + root)
    return folder


def as_python(text: str, **known: object) -> types.SimpleNamespace:
    """Functions without loops are Python, too, on numbers without bounds."""
    text = text.replace("struct Pair:", "@dataclass\nclass Pair:").replace("from . import", "#")
    text = text.replace("self.", "").replace("constant(int256)", "int")
    space: dict[str, object] = {"internal": lambda f: f, "pure": lambda f: f, **known}
    source = f"from __future__ import annotations\nfrom dataclasses import dataclass\n{text}"
    exec(source, space)  # noqa: S102
    return types.SimpleNamespace(**space)


def test_what_is_written_out_computes_the_same(tmp_path: Path) -> None:
    text = generate(library(tmp_path), (("root", "f"),))
    low = as_python(LOW)
    called, written = as_python(ROOT, low=low), as_python(text, low=low)
    rng = random.Random(1)
    for _ in range(2_000):
        given = [rng.randint(-20, 20) for _ in range(3)]
        assert written.f(*given) == called.f(*given), given


def test_what_is_rare_or_inside_an_expression_stays_a_call(tmp_path: Path) -> None:
    text = generate(library(tmp_path), (("root", "f"),))
    calls = [line.strip() for line in text.splitlines() if "low." in line and "(" in line]
    assert sum("low.rare(" in line for line in calls) == 3
    assert sum("low.moved(" in line for line in calls) == 1
    for gone in ("low.twice(", "low.next_of(", "low.pair(", "low.step(", "low.late(", "low.Pair("):
        assert gone not in text
    assert text.count("x * 13") == 1


def test_results_that_would_overwrite_each_other_are_refused(tmp_path: Path) -> None:
    root = ROOT.replace("low.crossed(a, b + 1)", "low.crossed(a, b)")
    with pytest.raises(InlineError, match=r"results that depend on each other: b, moved ="):
        generate(library(tmp_path, root), (("root", "f"),))


def test_an_argument_that_would_be_computed_twice_is_refused(tmp_path: Path) -> None:
    root = ROOT.replace("low.twice(x)", "low.twice(x * y)")
    with pytest.raises(InlineError, match=r"low\.twice: give x \* y a name first"):
        generate(library(tmp_path, root), (("root", "f"),))


def test_a_refusal_keeps_its_one_site(tmp_path: Path) -> None:
    root = ROOT.replace("    x -= y\n", '    assert y > 0, "root: low"\n    x -= y\n')
    text = generate(library(tmp_path, root), (("root", "f"),))
    assert "root: low" not in text
    assert "return root.last(" in text


@pytest.mark.long
def test_the_committed_text_is_what_the_library_gives() -> None:
    assert TARGET.read_text() == generate(LIBRARY)


@pytest.mark.long
def test_the_command_writes_the_text_and_fails_where_it_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inline_vyper, "TARGET", tmp_path / TARGET.name)
    monkeypatch.setattr(inline_vyper, "generate", cache(generate))
    assert main(["--check"]) == 1
    assert main([]) == 0
    assert main(["--check"]) == 0
    (tmp_path / TARGET.name).write_text(TARGET.read_text().replace("+ 1", "+ 2").replace("8", "9"))
    assert main(["--check"]) == 1
