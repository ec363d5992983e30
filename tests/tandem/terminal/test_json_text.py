"""JSON that any reader understands as it was meant."""

from __future__ import annotations

import ast
import json
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest

import keeper.cli
import tandem.cli
from tandem.terminal.json_text import to_json


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2**53, 2**53),
        (2**53 + 1, "9007199254740993"),
        (-(2**53) - 1, "-9007199254740993"),
        (2**256 - 1, str(2**256 - 1)),
        (True, True),
        (float("nan"), None),
        (float("-inf"), None),
        (Decimal("1.10"), "1.10"),
        (Path("a/b"), "a/b"),
        (b"\x01\xff", "0x01ff"),
        (Colour.RED, "red"),
        ({1: (2**60, [2**60])}, {"1": [str(2**60), [str(2**60)]]}),
    ],
)
def test_a_value_survives_a_reader_that_knows_doubles_alone(value: object, shown: object) -> None:
    read = json.loads(to_json(value), parse_int=lambda text: int(float(text)))
    assert read == shown


def test_one_line_is_one_line() -> None:
    text = to_json({"a": [1, 2], "b": "x\ny"}, one_line=True)
    assert "\n" not in text
    assert json.loads(text) == {"a": [1, 2], "b": "x\ny"}


def test_no_command_writes_json_in_a_way_of_its_own() -> None:
    for package in (tandem.cli, keeper.cli):
        for file in Path(package.__path__[0]).glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                assert not (isinstance(node, ast.Attribute) and node.attr == "dumps"), file
