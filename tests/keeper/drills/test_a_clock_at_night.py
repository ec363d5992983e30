"""A machine that sleeps for an hour between signing and sending, and one whose clock is minutes off."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from faults.proxy import between
from listening import Said

from keeper.cycle import Keeper
from keeper.journal import State
from tandem.units import HOUR, MINUTE

Run = Callable[..., Result]


def test_what_was_signed_before_an_hours_sleep_is_refused_and_the_hedge_is_of_now(
    keeper: Keeper, market: Any, heard: Said
) -> None:
    """No clock of this process has moved: it sends a slice of an hour ago, by which nobody trades."""
    m, slept = market, list[str]()
    keeper.cycle()
    m.engine.advance(700)
    m.move(2_560)

    def sleeps(what: str) -> None:
        if what == "signed" and not slept:
            slept.append(what)
            m.engine.advance(HOUR)
            m.move(2_700)

    keeper.sender._carrier._checkpoint = sleeps  # type: ignore[union-attr]
    done = keeper.cycle()
    first, *others = ((each.intent.kind, each.result.state) for each in done)
    assert first == ("post", State.REVERTED)
    assert "older than the terms allow" in done[0].result.note
    assert [state for _, state in others] == [State.MINED] * len(others)
    m.rest()
    m.move(2_700)
    keeper.cycle()
    stance = m.tandem.snapshot().stance
    assert abs(stance.residual) < stance.hard
    assert heard.warned.count("reverted") == 1


@pytest.mark.live
@pytest.mark.parametrize(("off", "posts"), [(-6 * MINUTE, False), (6 * MINUTE, True)])
def test_whose_clock_is_off_is_told_so_and_signs_for_no_moment_to_come(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch, off: int, posts: bool
) -> None:
    """One that is ahead posts all the same, and TandemChainStands comes: `doctor` named the node alone."""
    market.engine.advance(700)
    market.move(2_500)
    real, apart = time.time, time.time() - market.engine.now() - off
    with between(market.url) as public:
        public.answer = lambda asked, answer: (
            answer | {"result": "Geth/v1"} if asked["method"] == "web3_clientVersion" else answer
        )
        monkeypatch.setenv("TANDEM_RPC", public.url)
        monkeypatch.setattr(time, "time", lambda: real() - apart)
        said = tandem("run", "--once").stderr
        lines = json.loads(tandem("doctor", "--json").stdout)
    assert "the chain and this machine's clock are apart" in said
    assert ("intent=post" in said and "mined" in said) is posts
    (clock,) = [each for each in lines if each["name"] == "clock"]
    assert clock["state"] == "warn"
    assert "this machine's clock" in clock["todo"]
