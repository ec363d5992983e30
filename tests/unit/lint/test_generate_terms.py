"""The parameters stand in one table, and what is said of them elsewhere is written from it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts.generate_terms import TABLE, TARGETS, TableError, main, read, splice, vyper
from tandem.protocol import terms

ROOT = Path(__file__).resolve().parents[3]
ROW = "\ndefault = 1\nleast = 1\nmost = 1\nunit = ''\ntighter = 'up'\nwhy = ''\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in (str(TABLE), *TARGETS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def change(root: Path, old: str, new: str, file: str = str(TABLE)) -> None:
    text = (root / file).read_text()
    assert old in text
    (root / file).write_text(text.replace(old, new, 1))


def test_every_target_says_what_the_table_says() -> None:
    assert main(["--check"]) == 0


def test_a_change_of_the_table_is_found_in_every_target_and_written(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(checkout, "most = 7_200", "most = 7_201")
    assert main(["--check"], checkout) == 1
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == list(TARGETS)
    assert main([], checkout) == 0
    assert main(["--check"], checkout) == 0
    for name, said in zip(TARGETS, ("(7_201 <<", "60, 7_201,", "60 – 7,201"), strict=True):
        assert said in (checkout / name).read_text()


@pytest.mark.parametrize("name", list(TARGETS))
def test_what_is_generated_is_not_for_hands(checkout: Path, name: str) -> None:
    said = {"contracts/lib/terms.vy": "(900 <<", "docs/protocol.md": "0 – 900"}.get(name, "0, 900")
    change(checkout, said, said.replace("900", "901"), name)
    assert main(["--check"], checkout) == 1


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("least = 50\n", "least = 151\n", "half_spread: least <= default <= most"),
        ("most = 50_000", "most = 65_536", "risk_aversion: least <= default <= most"),
        ('tighter = "down"', 'tighter = "lower"', "max_trade: tighter is one of"),
        ('tighter = "none"', 'tighter = "set"', "half_spread: the first field is the flags"),
        ("default = 30\n", "", "fee: "),
        ("why =", "because =", "flags: "),
        ("[limits]", f"[limits.fee]{ROW}", "two fields share a name"),
        ("[limits]", f"[terms.more]{ROW}[limits]", "terms has 17 fields"),
        ("[limits]", "[breakers]", "the words are terms, limits"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_by_name(
    old: str, new: str, complaint: str
) -> None:
    text = (ROOT / TABLE).read_text()
    assert old in text
    with pytest.raises(TableError, match=complaint):
        read(text.replace(old, new, 1))


def test_a_target_without_its_marks_is_refused() -> None:
    with pytest.raises(TableError, match="are needed"):
        splice("nothing here", "x")


def test_fields_keep_their_places_for_good() -> None:
    """As a deployment has them; a field more goes to the end of a word."""
    names = [
        "flags", "half_spread", "spread_slope", "fee", "capital_charge", "fill_band", "reserve",
        "max_trade", "gamma_cap", "vega_cap", "hedge_cost", "risk_aversion", "surface_age",
        "exit_share", "least_premium", "call_cap",
    ]  # fmt: skip
    assert [terms.FIELDS[name].index for name in names] == list(range(16))


def test_a_field_of_the_second_word_is_laid_out_behind_those_before_it() -> None:
    more = (
        '[limits.cap]\ndefault = 5\nleast = 3\nmost = 9\nunit = "1"\ntighter = "down"\nwhy = "."\n'
    )
    text = vyper(read((ROOT / TABLE).read_text() + more))
    assert f"CAP: constant(uint256) = {len(terms.FIELDS)}  # 1" in text
    assert "| (3 << (16 * (CAP % 16)))\n)" in text.split("LOWEST_LIMITS")[1]
    assert "    | (1 << CAP)\n)\n\n# The least" in text
