"""ChainlinkSpot against a model: whatever its phases did, one round settles an expiry, or none (ST-1)."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from spot_bench import DAY, HOUR, Rounds, env, load_feed, load_spot, with_last

HISTORIES = 20_000 if os.environ.get("TANDEM_NIGHTLY") else 200
PHASES, NUMBERS = 4, 6


@dataclass(frozen=True)
class Shown:
    """One round: seconds from the expiry, and whether it can be believed."""

    time: int
    good: bool


Phase = tuple[Shown | None, ...]  # None: the feed has no such round, or has it no more
History = tuple[Phase, ...]


# ---------------------------------------------------------------- the model


def settling(history: History, zeros: bool) -> set[tuple[int, int]]:
    """ST-1 in a few lines: in the newest phase whose round 1 is before the expiry, the first round at
    or after it that can be believed; where it has none, the same of the next phase. A feed that
    reverts on the question for its latest round shows no phase, until it answers."""
    if not (zeros or any(history[-1])):
        return set()
    alive = [n for n, phase in enumerate(history) if phase and phase[0] and phase[0].time < 0]
    if not alive:
        return set()
    for phase in range(alive[-1], min(alive[-1] + 2, len(history))):
        for number, shown in enumerate(history[phase], 1):
            if shown and shown.good and shown.time >= 0:
                return {(phase + 1, number)}
    return set()


# ---------------------------------------------------------------- the contract


@pytest.fixture(scope="module")
def deployed() -> tuple[Any, Any]:
    feed = load_feed()
    return feed, load_spot(feed)


def passes(oracle: Any, expiry: int, round_id: int) -> bool:
    """Whether the proof is good."""
    return oracle.answers("settlement_price", expiry, round_id)


def proved(
    deployed: tuple[Any, Any], history: History, zeros: bool, after: int
) -> set[tuple[int, int]]:
    """Every round that the contract settles by, whatever last round of the phase before is named."""
    feed, oracle = deployed
    with env.anchor():
        rounds = Rounds(feed, env.timestamp + 10 * DAY)
        feed.answer_zeros(zeros)
        found: set[tuple[int, int]] = set()
        for phase, shown in enumerate(history, 1):
            for number, one in enumerate(shown, 1):
                if one:
                    rounds.put(phase, number, one.time, 2_000 if one.good else 99)
        shown_last = max((n for n, one in enumerate(history[-1], 1) if one), default=7)
        feed.set_latest(len(history) << 64 | shown_last)
        env.go_to(rounds.expiry + after)
        for phase, shown in enumerate(history, 1):
            for number in range(1, len(shown) + 1):
                for last in range(NUMBERS + 2):
                    if passes(oracle, rounds.expiry, with_last(phase << 64 | number, last)):
                        found.add((phase, number))
        return found


# ---------------------------------------------------------------- histories


def phases_of(most: int) -> Iterator[Phase]:
    """Every phase of up to so many rounds, by what of it is before the expiry, at it, and believed."""
    for count in range(most + 1):
        for split in range(count + 1):
            for goods in product((True, False), repeat=count):
                times = [n - split for n in range(count)]
                yield tuple(Shown(t, g) for t, g in zip(times, goods, strict=True))


def any_history(chance: random.Random) -> History:
    """Phases that overlap as they like, silent ones, ones with rounds that are gone."""

    def phase() -> Phase:
        count, start = chance.randint(0, NUMBERS), chance.randint(-30, 20)
        shown: list[Shown | None] = []
        for _ in range(count):
            start += chance.choice((0, 1, 3, 9))
            lost = chance.random() < 0.08
            shown.append(None if lost else Shown(start, chance.random() < 0.75))
        return tuple(shown)

    return tuple(phase() for _ in range(chance.randint(1, PHASES)))


MODES = pytest.mark.parametrize("zeros", [True, False], ids=["zeros", "reverts"])
AFTER = pytest.mark.parametrize("after", [2 * HOUR, 2 * DAY], ids=["that day", "two days later"])


@pytest.mark.proves("ST-1")
@MODES
def test_r16_every_pair_of_phases_of_up_to_two_rounds_settles_as_the_model_says(deployed, zeros):
    """ST-1: "with one rule for phases and missing rounds, so that at most one round passes at any
    moment" """
    for history in product(phases_of(2), repeat=2):
        assert proved(deployed, history, zeros, 2 * DAY) == settling(history, zeros), history


@pytest.mark.proves("ST-1")
@MODES
@AFTER
def test_r16_up_to_four_phases_of_up_to_six_rounds_settle_as_the_model_says(deployed, zeros, after):
    """ST-1, whether the feed answers zeros for a missing round or reverts, and however long after."""
    chance = random.Random(16)
    for _ in range(HISTORIES):
        history = any_history(chance)
        assert proved(deployed, history, zeros, after) == settling(history, zeros), history


@pytest.mark.proves("ST-1")
@MODES
def test_r16_a_day_after_a_change_of_phase_the_caller_chooses_nothing(deployed, zeros):
    """The old phase went on past the change: its round settles, and the new phase's never does, by
    which a caller could have chosen 1,900 over 2,060 from the second day on."""
    feed, oracle = deployed
    with env.anchor():
        feed.answer_zeros(zeros)
        rounds = Rounds(feed, env.timestamp + 10 * DAY)
        rounds.put(1, 1, -900)
        rounds.put(1, 2, -10)
        old, new = rounds.put(1, 3, 60, 2_060), rounds.put(2, 1, 30, 1_900)
        env.go_to(rounds.expiry + 30 * DAY)
        tried = [with_last(new, last) for last in range(5)]
        found = [r for r in (old, *tried) if passes(oracle, rounds.expiry, r)]
        assert found == [old]


@pytest.mark.proves("ST-1")
def test_r16_settlement_in_the_expirys_own_second_takes_the_round_of_that_second(deployed):
    feed, oracle = deployed
    with env.anchor():
        rounds = Rounds(feed, env.timestamp + 10 * DAY)
        rounds.put(1, 1, -1)
        at = rounds.put(1, 2, 0, 2_010)
        again = rounds.put(1, 3, 0, 2_020)
        env.go_to(rounds.expiry)
        assert passes(oracle, rounds.expiry, at)
        assert not passes(oracle, rounds.expiry, again)
        env.go_to(rounds.expiry + DAY)
        assert not passes(oracle, rounds.expiry, again)


@pytest.mark.proves("ST-1")
@MODES
@pytest.mark.parametrize(("missing", "silent"), [(8, False), (9, True)])
def test_r16_a_phase_is_silent_where_no_round_that_a_proof_reaches_is_behind_its_last(
    deployed, zeros, missing, silent
):
    """A round behind eight that are missing can be proved, and keeps the next phase from settling; one
    behind nine does neither."""
    feed, oracle = deployed
    with env.anchor():
        feed.answer_zeros(zeros)
        rounds = Rounds(feed, env.timestamp + 10 * DAY)
        rounds.put(1, 1, -900)
        rounds.put(1, 2, -10)
        late, new = rounds.put(1, 3 + missing, 60, 2_060), rounds.put(2, 1, 30, 2_030)
        env.go_to(rounds.expiry + DAY)
        assert passes(oracle, rounds.expiry, late) is not silent
        assert passes(oracle, rounds.expiry, with_last(new, 2)) is silent
