"""SH-8, VS-5: since when the positions count that count now. Nobody leaves by an unrest of before."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest
from guardian_bench import DAY, DELAY, env, load

from tandem.errors import Reverted

WAIT = 3 * DAY
ACTS = ("take_down", "bring_back", "apply", "pause", "unpause", "cancel")
OF_ONE = ("take_down_one", "bring_back_one")


def test_one_that_goes_down_counts_for_three_days_longer_and_one_that_comes_back_at_once(
    guardian, roles
):
    who, owner = roles["guardian"], roles["owner"]
    assert guardian.counts_since() == 0
    guardian.take_down_one(1, sender=who)
    assert guardian.counts_since() == env.timestamp + WAIT
    env.time_travel(seconds=DAY)
    guardian.take_down_one(2, sender=who)
    last = env.timestamp
    assert guardian.counts_since() == last + WAIT
    guardian.bring_back_one(2, sender=owner)
    env.time_travel(seconds=5 * DAY)
    assert guardian.counts_since() == last + WAIT
    guardian.apply(0, sender=owner)
    back = env.timestamp
    assert guardian.counts_since() == back
    guardian.pause(sender=who)
    guardian.unpause(sender=owner)
    env.time_travel(seconds=DELAY)
    guardian.apply(0, sender=owner)
    assert guardian.counts_since() == back


@pytest.mark.parametrize("count", [0, 2])
def test_where_all_are_down_nothing_is_written_off_and_nobody_waits_for_it(roles, count):
    """HG-19: "LPs leave from three days later on", at the only venue, and where none is up."""
    who, guardian = roles["guardian"], load(roles, venues=count)
    for place in range(count):
        guardian.take_down_one(place, sender=who)
    if not count:
        guardian.take_down(sender=who)
    assert guardian.counts_since() == 0
    guardian.bring_back(sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    guardian.apply(0, sender=roles["owner"])
    assert guardian.counts_since() == (env.timestamp if count else 0)


def look(guardian, count: int) -> tuple[bool, ...]:
    """Which of them are written off."""
    return tuple(guardian.is_written_off(place) for place in range(count))


@pytest.mark.parametrize("count", [2, 3, 4])
def test_what_is_written_off_is_what_it_was_since_then(roles, count):
    """Thirty acts of thirty courses, of whoever may, in any turn: at a time at which a mark can be taken that
    moment is past, and nothing was written off or came back after it; where none is up, since the last went
    down."""
    for seed in range(30):
        with env.anchor():
            draw, guardian, seen = Random(seed), load(roles, venues=count), []
            for _ in range(30):
                one = draw.random() < 0.5
                act = draw.choice(OF_ONE if one else ACTS)
                told = (
                    (draw.randrange(count),) if one else (0,) if act in ("apply", "cancel") else ()
                )
                who = roles["guardian" if act.startswith(("take", "pause")) else "owner"]
                env.time_travel(seconds=1)
                with suppress(Reverted):
                    getattr(guardian, act)(*told, sender=who)
                env.time_travel(seconds=draw.choice([1, DAY // 2, DAY, DELAY, WAIT - 1, WAIT]))
                seen.append((env.timestamp, look(guardian, count)))
                word, since = guardian.words()[0], guardian.counts_since()
                if word & ~1 and env.timestamp < guardian.down_since() + WAIT:
                    continue  # no mark
                assert since <= env.timestamp
                bits = word >> 9 & 2**count - 1
                if word & 2 or bits == 2**count - 1:
                    since = max(since, guardian.down_since())
                assert {off for time, off in seen if time >= since} == {seen[-1][1]}
