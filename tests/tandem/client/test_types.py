"""Who writes programs on the client is told by his type checker what it takes and gives."""

from __future__ import annotations

from importlib.resources import files
from inspect import signature
from typing import get_type_hints

import pytest

from tandem.client import Client, trades


@pytest.mark.parametrize("package", ["tandem", "keeper"])
def test_packages_say_that_they_are_typed(package: str) -> None:
    """PEP 561: without the file mypy skips the package, and all of it is Any to whoever imports it."""
    assert (files(package) / "py.typed").is_file()


@pytest.mark.parametrize(
    ("bounds", "verb"), [(trades.MintBounds, trades.mint), (trades.CloseBounds, trades.close)]
)
def test_the_bounds_of_a_trade_are_those_that_it_takes(bounds: type, verb: object) -> None:
    taken = list(signature(verb).parameters)[3:]  # type: ignore[arg-type]
    assert list(get_type_hints(bounds)) == taken
    for method in (getattr(Client, f"{word}{verb.__name__}") for word in ("", "prepare_")):  # type: ignore[attr-defined]
        assert signature(method).parameters["bounds"].annotation.endswith(f"{bounds.__name__}]")
