"""A keeper that is begun anew each time knows by its journal when it last marked the gate itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from click.testing import Result

from keeper.planner import OWN_SECONDS

Run = Callable[..., Result]
STEP = OWN_SECONDS // 3 + 60


def test_of_the_marks_of_two_hours_one_is_its_own(tandem: Run, market: Any) -> None:
    """GT-6. Whoever marks a little sooner beside money that he lent for a moment was the only one."""

    def marked(seconds: int) -> bool:
        market.engine.advance(seconds)
        market.move(2_500)
        return "intent=remark" in tandem("run", "--once").stderr

    assert marked(3_100)
    said = list[bool]()
    for _ in range(4):
        market.tandem.stress.send("remark", sender=market.engine.accounts[8])
        said.append(marked(STEP))
    assert said == [False, False, True, False]
