"""Amounts on their way to the chain: exact, or refused by name; and one place that knows a unit."""

from __future__ import annotations

import re
from decimal import Context, Decimal, localcontext
from pathlib import Path

import pytest

from tandem.engine import open_engine
from tandem.engine.artifacts import ROOT, compile_vyper
from tandem.protocol.bindings.option_token import OptionToken
from tandem.protocol.bindings.usdc import USDC
from tandem.units import UNIT, USD, WAD, AmountError, decimal, parse_size, parse_usd


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("1.5", 1_500_000),
        ("0.000001", 1),
        ("1e3", 10**9),
        (" +.5 ", 500_000),
        ("2.", 2_000_000),
        (Decimal("2.25"), 2_250_000),
    ],
)
def test_a_size_is_taken_to_its_last_unit(text: str | Decimal, units: int) -> None:
    assert parse_size(text) == units


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one",
        "nan",
        "inf",
        "-inf",
        "0",
        "-1",
        "0.0000001",
        "1,5",
        "1_0",
        "1.0_5",
        "١",
        "１",
        ".",
        "e1",
    ],
)
def test_what_is_no_size_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(AmountError, match=f"'{text}' is no size") as refusal:
        parse_size(text)
    assert refusal.value.hint == "write a number above 0 with at most six decimals, as 1.5"


def test_a_seventh_decimal_is_refused_however_many_digits_stand_before_it() -> None:
    """Decimal's own arithmetic would round it away: it keeps 28 digits, unless the compiler was
    imported, which asks for 78."""
    with localcontext(Context(prec=28)):
        assert parse_usd("123456789012345678901234567890.5") == 123456789012345678901234567890500000
        with pytest.raises(AmountError, match="is no amount"):
            parse_usd("123456789012345678901234567890.0000001")


@pytest.mark.parametrize("text", ["1e-1000000", "1e1000000", 0.1, "1e30"])
def test_what_only_a_float_or_an_exponent_could_mean_is_refused_at_once(text: str | float) -> None:
    with pytest.raises(AmountError):
        parse_size(text)  # pyright: ignore[reportArgumentType]


def test_a_float_is_refused_as_one_and_a_truth_is_no_size() -> None:
    """ "'0.1' is no size: write … as 1.5" was what Python was told, and True was a whole ether."""
    with pytest.raises(AmountError, match=r"0\.1 is a float, and no size") as refusal:
        parse_size(0.1)  # pyright: ignore[reportArgumentType]
    assert refusal.value.hint == "give text or a Decimal, as '1.5'"
    with pytest.raises(AmountError, match="'True' is no size"):
        parse_size(True)


@pytest.mark.parametrize("amount", [0, 1, -1, WAD, -(2**255), 2**256 - 1])
def test_a_decimal_is_the_amount_to_its_last_digit(amount: int) -> None:
    written = format(decimal(amount, 18), "f")
    whole, part = written.split(".")
    assert len(part) == 18
    assert int(whole + part) == amount


def test_units_are_what_the_contracts_say() -> None:
    with open_engine("pyrevm") as engine:
        token = OptionToken.of(
            engine.deploy(compile_vyper("OptionToken"), *engine.accounts[:2], "ETH")
        )
        usdc = USDC.of(engine.deploy(compile_vyper("USDC")))
        assert 10 ** token.decimals(0) == UNIT
        assert 10 ** usdc.decimals() == USD


def test_a_unit_is_written_down_once() -> None:
    """`WAD = 10**18` once stood in 29 files. References for tests keep their own."""
    again = re.compile(r"^_?(WAD|USD|TOKEN|UNITS?|BPS|HOUR|DAY|YEAR) = [\d_*]+", re.MULTILINE)
    found = [
        str(path.relative_to(ROOT))
        for folder in ("tandem", "keeper", "bench", "scripts")
        for path in Path(ROOT / folder).rglob("*.py")
        if again.search(path.read_text())
    ]
    assert found == ["tandem/units.py"]
