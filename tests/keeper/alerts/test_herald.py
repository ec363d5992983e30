"""What a keeper warns of arrives at once, and once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from listening import Said

from keeper.alerts.herald import SAID, Herald
from keeper.alerts.post import Letter, Tone
from keeper.alerts.told import MOST_AN_HOUR, MOST_OF_A_KIND, Told
from tandem.units import HOUR


@pytest.fixture
def now() -> list[float]:
    return [1_000_000.0]


Make = Callable[..., tuple[Herald, list[Letter]]]


@pytest.fixture
def make(tmp_path: Path, now: list[float]) -> Make:
    """A herald as a process that starts has it, and what it hands over."""

    def start(*, errors_only: bool = False) -> tuple[Herald, list[Letter]]:
        letters: list[Letter] = []
        told = Told(tmp_path / "a.told", 6 * HOUR, lambda: now[0])
        herald = Herald(
            Said(), letters.append, "local, 0xabc", lambda s: s.replace("s3cr3t", "…"), "the page", told,
            errors_only,
        )  # fmt: skip
        return herald, letters

    return start


def test_a_warning_is_a_letter_with_its_fields_and_without_secrets(make: Make) -> None:
    herald, letters = make()
    herald.warning("margin lacks", usd=12.5, reason="at s3cr3t", hash="0x12", block=7, note="")
    (letter,) = letters
    assert letter.title == f"{SAID}: local, 0xabc"
    assert letter.text == "margin lacks\nusd: 12.5\nreason: at …\nthe page"
    assert letter.tone is Tone.WARN
    herald.error("it ended")
    assert letters[1].tone is Tone.BAD


def test_everything_is_in_the_log_as_before_and_what_is_no_warning_only_there(make: Make) -> None:
    herald, letters = make()
    herald.debug("a")
    herald.info("b", of=1)
    herald.warning("c")
    herald.warning("c")
    herald.exception("d")
    assert isinstance(herald.log, Said)
    assert herald.log.events == ["a", "b", "c", "c", "d"]
    assert [letter.text.splitlines()[0] for letter in letters] == ["c", "d"]


def test_the_same_with_other_numbers_is_the_same_until_hours_have_passed(
    make: Make, now: list[float]
) -> None:
    herald, letters = make()
    for size in (1.5, 2.25, 1_000.0):
        herald.warning("dropped", intent="post", reason=f"a move of {size}", hash=f"0x{int(size)}")
    herald.warning("dropped", intent="rebalance", reason="a move of 3")
    assert len(letters) == 2
    now[0] += 6 * HOUR
    herald.warning("dropped", intent="post", reason="a move of 9")
    assert len(letters) == 3


def test_a_process_that_is_started_again_does_not_repeat_the_last_one(
    make: Make, now: list[float], tmp_path: Path
) -> None:
    """Whoever runs `--once` each minute, or restarts what halts, is told once."""
    make()[0].warning("margin lacks", usd=1)
    herald, letters = make()
    herald.warning("margin lacks", usd=2)
    assert letters == []
    now[0] -= 2 * HOUR  # a clock that is set back keeps nobody quiet
    herald.warning("margin lacks", usd=2)
    assert len(letters) == 1
    for nonsense in ("", "[1]", '{"a": "b"}', "{", "[" * 100_000, '{"a": 1%s}' % ("0" * 400)):
        (tmp_path / "a.told").write_text(nonsense)
        herald, letters = make()
        herald.warning("something else")
        assert len(letters) == 1


def test_a_keeper_that_warns_without_end_writes_so_many_letters_an_hour(
    make: Make, now: list[float]
) -> None:
    herald, letters = make()
    for each in range(100):
        herald.warning(f"kind {chr(65 + each // 10)}{chr(65 + each % 10)}")
    assert len(letters) == MOST_AN_HOUR
    assert "in its log alone" in letters[-1].text
    assert all("in its log alone" not in letter.text for letter in letters[:-1])
    herald.error("market halted")
    assert letters.pop().tone is Tone.BAD, "what ended waits for no hour"
    now[0] += HOUR
    herald.warning("one more")
    assert len(letters) == MOST_AN_HOUR + 1


def test_who_wants_errors_alone_gets_them(make: Make) -> None:
    herald, letters = make(errors_only=True)
    herald.warning("c")
    herald.error("d")
    assert [letter.tone for letter in letters] == [Tone.BAD]


def test_what_differs_by_the_number_in_its_name_is_not_the_same(make: Make) -> None:
    """Two markets, two nodes, two venues: the second that ails was taken for the first."""
    herald, letters = make()
    for market in ("eth-1", "eth-2"):
        herald.warning("the hedge venue is down", of="", market=market)
    for node in ("rpc1.example", "rpc2.example", "127.0.0.1:8545", "127.0.0.1:8546"):
        herald.warning("a node is not asked", of=node, state="away")
    for name, now in (("pool", "0x11"), ("pool", "0x22"), ("token", "0x22")):
        herald.warning("the code behind an address of others changed", name=name, now=now)
    assert len(letters) == 2 + 4 + 3


def test_one_kind_of_warning_leaves_room_for_the_others(make: Make, now: list[float]) -> None:
    """Reasons are words of nodes, signers and venues: whoever changes them each time would else have every
    letter of the hour, and what matters is the 21st."""
    herald, letters = make()
    for each in range(100):
        herald.warning(
            "dropped", intent="post", note=f"{chr(65 + each // 10)}{chr(65 + each % 10)}"
        )
    assert len(letters) == MOST_OF_A_KIND
    assert "in its log alone" in letters[-1].text
    herald.warning("the residual is past the hard band", residual=3.1)
    assert "hard band" in letters[-1].text
    now[0] += HOUR
    herald.warning("dropped", intent="post", note="anew")
    assert "anew" in letters[-1].text


def test_what_others_say_is_one_line_of_so_many_letters(make: Make) -> None:
    """A node's, a signer's or a venue's words neither make up lines of their own nor fill a letter."""
    herald, letters = make()
    herald.warning("dropped", note="no\nit is over\u2028\x1b[2Jsee " + "x" * 10_000, market="a\nb")
    text = letters[0].text.splitlines()
    assert [line.partition(":")[0] for line in text] == ["dropped", "note", "market", "the page"]
    assert "\x1b" not in letters[0].text
    assert len(letters[0].text) < 1_000
