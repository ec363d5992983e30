"""`tandem price`: what it reads, what it answers, and what it says when it cannot."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import mpmath as mp
import polars as pl
import pytest
from click.testing import CliRunner, Result

from tandem.plugins import find
from tandem.terminal.group import GROUP, main

mp.mp.dps = 40
NAMES = ("value", "delta", "gamma", "vega", "theta")
HEADER = "type,forward,strike,tau_seconds,vol,cap\n"
SOUND = """call,2000,2100,2592000,0.8,
put,2000,2100,2592000,0.8,1500
C,2000.5,2100,2592000,0.8,4200
P,1850,2500,1,0.01,
call,3333,3333.01,2,0.9,
call,1850,20000,604800,1.2,
call,100000,37,63072000,5,
"""
PLAIN = re.compile(r"^-?\d+(\.\d+)?$")


def run(*args: object) -> Result:
    return CliRunner(mix_stderr=False).invoke(main, [str(a) for a in args])


def rows_of(path: Path, *flags: str) -> list[dict[str, str | None]]:
    result = run("price", path, "--json", *flags)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["rows"]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "options.csv"
    path.write_text(HEADER + SOUND)
    return path


def textbook(row: dict[str, str | None]) -> list[mp.mpf]:
    """Value and Greeks of a row from its text, cap included, in 40 digits."""
    f, t, v = mp.mpf(row["forward"]), mp.mpf(row["tau_seconds"]) / 31_536_000, mp.mpf(row["vol"])
    side = 1 if row["type"].lower().startswith("c") else -1

    def leg(k: mp.mpf) -> list[mp.mpf]:
        s = v * mp.sqrt(t)
        d1 = mp.log(f / k) / s + s / 2
        density = mp.npdf(d1)
        value = side * (f * mp.ncdf(side * d1) - k * mp.ncdf(side * (d1 - s)))
        theta = -f * density * v / (2 * mp.sqrt(t))
        return [
            value,
            side * mp.ncdf(side * d1),
            density / (f * s),
            f * density * mp.sqrt(t),
            theta,
        ]

    near = leg(mp.mpf(row["strike"]))
    far = leg(mp.mpf(row["cap"])) if row["cap"] else [mp.mpf(0)] * 5
    return [a - b for a, b in zip(near, far, strict=True)]


def test_r06_every_sound_row_agrees_with_forty_digits(sound: Path) -> None:
    rows = rows_of(sound)
    assert len(rows) == 7
    for row in rows:
        assert row["error"] is None
        want = textbook(row)
        top = max(float(row["forward"]), float(row["strike"]))
        assert abs(mp.mpf(row["value"]) - want[0]) <= 1e-15 * top
        for name, exact in zip(NAMES[1:], want[1:], strict=True):
            assert abs(mp.mpf(row[name]) - exact) <= 1e-12 * abs(exact) + mp.mpf("1e-290")


def test_numbers_are_plain_decimal_strings_in_input_order(sound: Path) -> None:
    rows = rows_of(sound)
    assert [r["type"] for r in rows] == ["call", "put", "C", "P", "call", "call", "call"]
    for row in rows:
        assert all(PLAIN.match(row[name]) for name in NAMES), row


def test_on_chain_gives_the_kernels_own_digits(sound: Path) -> None:
    rows = rows_of(sound, "--on-chain")
    for row in rows:
        assert row["error"] is None
        want = textbook(row)
        top = max(float(row["forward"]), float(row["strike"]))
        assert all(len(row[name].split(".")[1]) == 18 for name in NAMES), "WAD, to its last digit"
        assert abs(mp.mpf(row["value"]) - want[0]) <= 5e-16 * top + 2e-18
        assert abs(mp.mpf(row["delta"]) - want[1]) <= 1e-12


def test_on_chain_strings_are_exactly_what_the_contract_returned(sound: Path) -> None:
    from tandem.engine.artifacts import compile_vyper
    from tandem.engine.revm import RevmEngine

    wad = 10**18
    with RevmEngine() as engine:
        risk = engine.deploy(compile_vyper("Risk"))
        answer = risk.call(
            "price", True, 2000 * wad, 2100 * wad, 1500 * wad, 2592000, 8 * wad // 10
        )
    row = rows_of(sound, "--on-chain")[1]
    assert [int(Decimal(row[name]) * wad) for name in NAMES] == list(answer)


def test_on_chain_says_of_a_part_of_a_second_that_the_contract_takes_none(tmp_path: Path) -> None:
    path = tmp_path / "options.csv"
    path.write_text(f"{HEADER}call,2000,2100,90.5,0.8,\ncall,2000,2100,9e1,0.8,\n")
    part, whole = rows_of(path, "--on-chain")
    assert part["error"] == "tau_seconds: the contract takes whole seconds"
    assert part["value"] is None
    assert whole["error"] is None
    assert rows_of(path)[0]["error"] is None


def test_on_chain_prices_more_than_one_batch(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    lines = [f"call,2000,{1000 + 10 * i},2592000,0.8," for i in range(150)]
    path.write_text(HEADER + "\n".join(lines))
    chain, model = rows_of(path, "--on-chain"), rows_of(path)
    assert [r["strike"] for r in chain] == [str(1000 + 10 * i) for i in range(150)]
    for a, b in zip(chain, model, strict=True):
        assert abs(Decimal(a["value"]) - Decimal(b["value"])) <= Decimal("3e-12")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("swap,2000,2100,2592000,0.8,", "type: not call or put"),
        (",2000,2100,2592000,0.8,", "type: not call or put"),
        ("call,,2100,2592000,0.8,", "forward: missing"),
        ("call,x,2100,2592000,0.8,", "forward: not a number"),
        ("call,nan,2100,2592000,0.8,", "forward: not a number"),
        ("call,inf,2100,2592000,0.8,", "forward: not a number"),
        ("call,-5,2100,2592000,0.8,", "forward: not positive"),
        ("call,1e11,2100,2592000,0.8,", "forward: out of [0.000001, 10000000000]"),
        ("call,2000,0,2592000,0.8,", "strike: not positive"),
        ("call,2000,2100,0.999,0.8,", "tau_seconds: out of [1 s, 2 y]"),
        ("call,2000,2100,63072001,0.8,", "tau_seconds: out of [1 s, 2 y]"),
        ("call,2000,2100,-1,0.8,", "tau_seconds: out of [1 s, 2 y]"),
        ("call,2000,2100,2592000,0.0099,", "vol: out of [0.01, 5]"),
        ("call,2000,2100,2592000,5.01,", "vol: out of [0.01, 5]"),
        ("call,2000,2100,2592000,0.8,2100", "cap: not above strike"),
        ("put,2000,2100,2592000,0.8,2100", "cap: not below strike"),
        ("put,2000,2100,2592000,0.8,-1", "cap: negative"),
        ("call,2000,2100,2592000,0.8,much", "cap: not a number"),
    ],
)
def test_r06_a_row_out_of_bounds_is_named_and_the_others_are_priced(
    tmp_path: Path, line: str, reason: str
) -> None:
    path = tmp_path / "options.csv"
    path.write_text(f"{HEADER}call,2000,2100,2592000,0.8,\n{line}\nput,2000,2100,2592000,0.8,\n")
    before, bad, after = rows_of(path)
    assert bad["error"] == reason
    assert [bad[name] for name in NAMES] == [None] * 5
    assert before["error"] is None
    assert after["error"] is None
    assert before["value"] is not None
    assert after["value"] is not None


@pytest.mark.parametrize("tau", ["1", "63072000"])
@pytest.mark.parametrize("vol", ["0.01", "5"])
@pytest.mark.parametrize("kind", ["call", "put"])
def test_r06_bounds_themselves_are_inside(tmp_path: Path, kind: str, tau: str, vol: str) -> None:
    path = tmp_path / "options.csv"
    path.write_text(f"{HEADER}{kind},2000,1900,{tau},{vol},\n")
    (row,) = rows_of(path)
    assert row["error"] is None
    limit = 2000 if kind == "call" else 1900
    assert 0 <= Decimal(row["value"]) <= limit


def test_parquet_prices_like_csv(sound: Path, tmp_path: Path) -> None:
    path = tmp_path / "options.parquet"
    pl.read_csv(sound).write_parquet(path)
    csv, parquet = rows_of(sound), rows_of(path)
    assert [[r[n] for n in NAMES] for r in csv] == [[r[n] for n in NAMES] for r in parquet]


def test_cap_column_may_be_absent_and_other_columns_stay(tmp_path: Path) -> None:
    path = tmp_path / "options.csv"
    path.write_text("note,type,forward,strike,tau_seconds,vol\nmine,call,2000,2100,2592000,0.8\n")
    (row,) = rows_of(path)
    assert row["note"] == "mine"
    assert row["value"].startswith("141.36")


def test_piped_output_is_csv(sound: Path) -> None:
    result = run("price", sound)
    table = pl.read_csv(result.stdout.encode(), infer_schema=False)
    assert table.columns == [*HEADER.strip().split(","), *NAMES, "error"]
    assert table["value"].to_list() == [r["value"] for r in rows_of(sound)]


@pytest.mark.parametrize("name", ["out.csv", "out.parquet", "out.json"])
def test_out_writes_the_same_rows(sound: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    assert run("price", sound, "--out", out).exit_code == 0
    if name.endswith(".json"):
        values = [r["value"] for r in json.loads(out.read_text())["rows"]]
    else:
        read = (
            pl.read_parquet(out)
            if name.endswith("parquet")
            else pl.read_csv(out, infer_schema=False)
        )
        values = read["value"].to_list()
    assert values == [r["value"] for r in rows_of(sound)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "no options file"),
        (b"", "is empty"),
        (HEADER.encode(), "has no rows"),
        (b"type,forward\ncall,2000\n", "lacks the column(s) strike, tau_seconds, vol"),
        (f"{HEADER.strip()},vol\n".encode(), "has several columns vol"),
        (f"{HEADER.strip()}, note,note\n".encode(), "has several columns note"),
        (b"PAR1 and then nothing like it", "cannot read"),
        (b"\xff\xfe\x00\xd8\n\xff", "cannot read"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_to_do(
    tmp_path: Path, content: bytes | None, says: str
) -> None:
    path = tmp_path / "options.csv"
    if content is not None:
        path.write_bytes(content)
    result = run("price", path, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert says in result.stderr
    assert result.stderr.startswith("error: ")
    assert "what to do next: " in result.stderr


@pytest.mark.parametrize("odd", [[[1, 2]], [b"\xff"], [timedelta(1)], [{"a": 1}]])
def test_a_column_of_any_kind_is_carried_along_and_a_number_s_is_its_rows_error(
    tmp_path: Path, odd: list[object]
) -> None:
    """A Parquet file has columns that no text stands for."""
    path = tmp_path / "options.parquet"
    given = {"type": "call", "forward": 2000.0, "strike": 2000.0, "tau_seconds": 86_400, "vol": 0.5}
    for name in ("note", "vol"):
        pl.DataFrame(given | {name: pl.Series(odd)}).write_parquet(path)
        (row,) = json.loads(run("price", path, "--json").stdout)["rows"]
        assert row[name]
        assert (row["value"] is None) == (name == "vol")
        assert bool(row["error"]) == (name == "vol")


def test_out_into_a_folder_that_cannot_be_is_named(sound: Path) -> None:
    result = run("price", sound, "--out", sound / "below" / "a-file.csv")
    assert result.exit_code == 2
    assert "cannot write" in result.stderr


def test_help_imports_no_command() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from tandem.terminal.group import main;"
        "r = CliRunner().invoke(main, ['--help']); assert r.exit_code == 0, r.output;"
        "assert 'price' in r.output;"
        "bad = {'numba', 'ape', 'numpy', 'polars', 'tandem.cli.price'} & set(sys.modules);"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_every_command_is_found_loads_and_has_one_line_of_help() -> None:
    commands = find(GROUP)
    assert {"price", "quote", "replay", "run"} <= set(commands)
    for name, command in commands.items():
        assert command.summary().startswith(f"`tandem {name}"), name
        result = run(name, "--help")
        assert result.exit_code == 0, (name, result.output)


def test_version_and_unknown_command() -> None:
    assert run("--version").stdout.startswith("tandem 0.")
    assert run("prize").exit_code == 2
