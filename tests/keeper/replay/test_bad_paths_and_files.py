"""What a replay cannot use or write is named before it works, and no figure is lost with a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tandem.terminal.group import main

FIRST = 1_736_121_600
HOUR = 3_600


def tandem(*words: object) -> Result:
    return CliRunner(mix_stderr=False).invoke(main, [str(word) for word in words])


def prices(folder: Path, times: Sequence[object]) -> Path:
    path = folder / "prices.csv"
    rows = "".join(f"{time},2780,2790,2770,2785\n" for time in times)
    path.write_text("timestamp,open,high,low,close\n" + rows)
    return path


def refused(result: Result, said: str) -> None:
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert "what to do next: " in result.stderr
    assert result.stdout == ""


SOUND = [FIRST + HOUR * i for i in range(3)]


def test_milliseconds_are_replayed(tmp_path: Path) -> None:
    result = tandem("replay", "--prices", prices(tmp_path, [1_000 * t for t in SOUND]), "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["complete"] is True


def test_hours_without_prices_are_told(tmp_path: Path) -> None:
    """A gap of a day was bridged without a word."""
    times = [*SOUND, *(SOUND[-1] + HOUR * (25 + i) for i in range(2))]
    file = prices(tmp_path, times)
    said = tandem("replay", "--prices", file, "--visits", 1, "--json")
    found = json.loads(said.stdout)
    assert (found["gaps_bridged"], found["hours_without_prices"]) == (1, 24.0)
    words = " ".join(tandem("replay", "--prices", file, "--visits", 1).stdout.split())
    assert "Prices of 24 hours are left out, in 1 place: the last one before each stood" in words
    merged = json.loads(
        tandem("replay", "--prices", file, "--every", 3, "--visits", 1, "--json").stdout
    )
    assert (merged["gaps_bridged"], merged["hours_without_prices"]) == (1, 24.0)
    sound = json.loads(tandem("replay", "--prices", prices(tmp_path, SOUND), "--json").stdout)
    assert (sound["gaps_bridged"], sound["hours_without_prices"]) == (0, 0.0)


@pytest.mark.parametrize("visits", [241, 1_200, 99_999_999_999])
def test_prices_that_stand_for_no_time_are_refused_before_anything_starts(
    visits: int, tmp_path: Path
) -> None:
    """They ended in the node's words: a block that would not follow the last one."""
    result = tandem("replay", "--prices", prices(tmp_path, SOUND), "--visits", visits)
    refused(result, f"--visits {visits} in candles of 3600 seconds")
    assert "give --visits 240 or fewer" in result.stderr


@pytest.mark.parametrize(
    ("seconds", "how"),
    [(1, ()), (2, ("--path", "extremes")), (60, ("--visits", 4, "--venue", "morpho+aave"))],
)
def test_a_price_that_stands_for_less_than_is_done_at_it_makes_the_next_one_late(
    seconds: int, how: tuple[object, ...], tmp_path: Path
) -> None:
    """Short candles, and the least that a price may stand for where two venues are looked after, ended in
    those words too."""
    file = prices(tmp_path, [FIRST + seconds * i for i in range(6)])
    result = tandem("replay", "--prices", file, *how, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["complete"] is True
    assert found["visits"] == found["visits_planned"]
    gained = found["nav_end_usd"] - found["nav_start_usd"] - found["lp_flows_usd"]
    assert sum(found["pnl"].values()) == pytest.approx(gained, abs=0.001)


def test_a_fee_of_nothing_is_none_and_not_the_usual_one(tmp_path: Path) -> None:
    """The summary said a fee of 0, and hedges paid ten basis points."""
    words = ("replay", "--prices", prices(tmp_path, SOUND), "--visits", 1, "--trades-per-day", 100)
    found = json.loads(tandem(*words, "--fee-bps", 0, "--json").stdout)
    assert found["pool_fee_bps"] == 0.0
    assert found["hedges"] > 0
    assert 0.0 < found["hedge_cost_per_eth_usd"] < 0.3


@pytest.mark.parametrize("venue", ["aave", "morpho", "morpho4", "aave+curie"])
def test_a_fee_that_no_pool_takes_is_refused_before_a_replay_begins(
    venue: str, tmp_path: Path
) -> None:
    """Its header was printed first. Of several venues the fee is the first one's."""
    words = ("replay", "--prices", prices(tmp_path, SOUND), "--visits", 1, "--fee-bps", 0)
    refused(tandem(*words, "--venue", venue), "no pool takes a fee of 0 bp")


def test_of_several_venues_each_has_its_usual_fee_whichever_is_named_first(tmp_path: Path) -> None:
    """The first had the dearest one's, which no spot pool takes."""
    file = prices(tmp_path, SOUND)
    result = tandem("replay", "--prices", file, "--visits", 1, "--venue", "morpho+curie", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["pool_fee_bps"] == 10.0


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ([HOUR * i for i in range(3)], "prices from 1970-01-01 00:00 to 1970-01-01 02:00 UTC"),
        ([-HOUR, 0, HOUR], "are out of bounds"),
        (["1e30", "2e30"], "which leaves no whole seconds"),
        ([250_000_000_000], "are out of bounds"),
        ([SOUND[0], 1_000 * SOUND[1]], "is in another unit than others"),
        (SOUND[:1], "gives one candle, which is no path"),
        ([*SOUND, SOUND[-1] + 8 * 24 * HOUR], "no price for 8 days after 2025-01-06 02:00"),
    ],
    ids=["1970", "before 1970", "1e30", "year 9892", "mixed units", "one candle", "gap"],
)
def test_times_that_are_none_are_named(tmp_path: Path, times: list[object], said: str) -> None:
    refused(tandem("replay", "--prices", prices(tmp_path, times)), said)


@pytest.mark.parametrize("seed", ["-1", "9" * 40, "1.5"])
@pytest.mark.parametrize("command", ["replay", "demo"])
def test_a_seed_is_a_whole_number_from_0(command: str, seed: str) -> None:
    refused(tandem(command, "--seed", seed), "'--seed'")


@pytest.mark.parametrize("word", ["1e30", "9" * 30, "", "2025-13-45"])
def test_a_window_that_is_no_time_is_named(word: str) -> None:
    refused(tandem("replay", "--from", word), "'--from'")


@pytest.mark.parametrize(
    "words",
    [
        ("replay", "--report", "{folder}"),
        ("replay", "--report", "{folder}/file/below.html"),
        ("demo", "--out", "{folder}/file"),
        ("demo", "--out", "{folder}/ok", "--picture", "{folder}"),
    ],
    ids=" ".join,
)
def test_a_place_that_cannot_be_written_is_named_before_the_run(
    tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it began to work")

    monkeypatch.setattr("keeper.replay.run.replay", never)
    monkeypatch.setattr("keeper.replay.showcase.show_one", never)
    (tmp_path / "file").write_text("")
    refused(tandem(*(word.format(folder=tmp_path) for word in words)), "cannot write")


def test_a_disk_that_fills_up_meanwhile_takes_no_figures_with_it(
    tmp_path: Path, full_disk: Path
) -> None:
    words = ("replay", "--prices", prices(tmp_path, SOUND), "--report", full_disk)
    result = tandem(*words, "--json")
    assert result.exit_code == 2
    assert f"cannot write {full_disk}: No space left on device" in result.stderr
    assert json.loads(result.stdout)["complete"] is True
    assert "Profit by cause" in tandem(*words).stdout
