"""A guardian takes one of several venues down, the owner brings it back: who looks is told the next step."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from click.testing import Result

from tandem.units import DAY, HOUR

Run = Callable[..., Result]


def told(tandem: Run) -> dict[str, dict[str, str]]:
    """What doctor warns of or fails at, by its name."""
    lines = json.loads(tandem("doctor", "--json").stdout)
    return {each["name"]: each for each in lines if each["state"] != "ok"}


def test_each_step_names_the_next_one(tandem: Run, market: Any) -> None:
    """Opens were "stopped by the breaker", which was "quiet" and "ends by itself an hour after its reason";
    and nothing said that what the owner had proposed waited for his second word, which lapses."""
    m, roles = market, market.tandem.roles

    def by(who: str, *arguments: str) -> None:
        result = tandem("govern", *arguments, "--account", who, "--yes")
        assert result.exit_code == 0, result.stderr

    by(roles.guardian, "take-down", "aave")
    assert "breaker" not in told(tandem)
    assert "`tandem remark`" in told(tandem)["opens"]["todo"]
    assert "opens                      wait for a mark of the gate" in tandem("status").stdout
    assert "`tandem govern bring-back`" in told(tandem)["hedge venue"]["todo"]
    m.engine.advance(180)
    m.move(2_500)
    assert tandem("run", "--once").exit_code == 0
    assert "opens" not in told(tandem)
    by(roles.owner, "bring-back", "aave")
    assert told(tandem)["flags"]["found"].endswith("48.0 h from now on")
    assert "48.0 h from now" in tandem("status").stdout
    m.engine.advance(2 * DAY)
    m.move(2_500)
    waits = told(tandem)["flags"]
    assert waits["found"].endswith("from now on")
    assert "`tandem govern apply flags`; in 336 h it lapses" in waits["todo"]
    m.engine.advance(14 * DAY + HOUR)
    assert "flags" not in told(tandem)
    by(roles.owner, "bring-back", "aave")
    m.engine.advance(2 * DAY)
    m.move(2_500)
    by(roles.owner, "apply", "flags")
    assert tandem("run", "--once").exit_code == 0
    m.rest()
    m.move(2_500)
    assert tandem("run", "--once").exit_code == 0
    assert not {"flags", "hedge venue", "opens"} & told(tandem).keys()
