"""Tables at the width of the terminal; a file has none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tandem.terminal.common import pairs, sized, small, table, usd

ROWS = [
    ["expiry", "open ETH", "strikes"],
    ["04DEC26", "1", " ".join(["2000"] * 14)],
    ["x", "", "y"],
]


def test_a_wide_terminal_and_a_file_see_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    wide = table(ROWS)
    assert [line.split()[0] for line in wide] == ["expiry", "04DEC26", "x"]
    monkeypatch.delenv("COLUMNS")
    assert table(ROWS) == wide


def test_a_narrow_one_sees_every_name_and_value_on_whole_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = table(ROWS)
    assert max(map(len, lines)) <= 40
    assert lines[0] == "1  expiry 04DEC26  open ETH 1"
    assert sum(line.count("2000") for line in lines) == 14
    assert lines[-1] == "2  expiry x  strikes y"  # what is empty is left out


def test_pairs_go_on_below_their_values_and_no_word_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = "0x" + "ab" * 20
    rows = [("spot", "1 2 3"), ("a longer name", "of many words that go on"), ("who", address)]
    monkeypatch.setenv("COLUMNS", "30")
    assert pairs(rows) == [
        "spot           1 2 3",
        "a longer name  of many words",
        "               that go on",
        "who",
        f"  {address}",
    ]
    monkeypatch.setenv("COLUMNS", "100")
    assert pairs(rows)[1] == "a longer name  of many words that go on"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0.0, "0.000000"),
        (0.00112688, "0.001127"),
        (0.0000031204, "0.000003120"),
        (-2e-17, "-0.000000000000000020"),
    ],
)
def test_what_is_small_keeps_four_digits(amount: float, said: str) -> None:
    """A gamma of bitcoin was 0.000003."""
    assert small(amount) == said


def test_nothing_has_no_sign() -> None:
    assert usd(-0.001) == "0.00 USD"
    assert usd(Decimal("-0.004")) == "0.00 USD"
    assert sized(-1e-9, "ETH") == "0.000000 ETH"
    assert usd(-0.006) == "-0.01 USD"
