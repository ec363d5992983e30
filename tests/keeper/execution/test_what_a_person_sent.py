"""A key that traded before its keeper began: that is no act of the keeper's, and nothing was lost."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from click.testing import Result
from lived_in import ask, lived_in, market, settings, tandem

from keeper.cycle import Keeper
from keeper.execution.acts import SELECTORS
from tandem.client import Client
from tandem.engine.signers import from_key
from tandem.protocol.tandem import LOCAL_KEEPER_KEY
from tandem.units import USD

__all__ = ["ask", "lived_in", "market", "settings", "tandem"]


def test_trades_and_deposits_of_the_same_key_are_no_acts_and_what_a_keeper_sends_is(
    market: Any, ask: Callable[..., Any], tandem: Callable[..., Result]
) -> None:
    person = Client.connect(market.url, market.file, from_key(LOCAL_KEEPER_KEY))
    market.tandem.give(person.address, 10_000 * USD)
    person.mint(market.series, "0.1")
    person.deposit("1000")
    person.remark()  # by hand, but as a keeper does
    began = tandem("run", "--once")
    assert began.exit_code == 0, began.output
    assert "lost" not in began.output
    regained = [act for act in ask("journal") if act["kind"] == "regained"]
    assert len(regained) == 1
    assert "began" in regained[0]["reason"]


def test_every_call_of_a_keeper_is_known_as_one(market: Any) -> None:
    """Read off what it sends: a new kind of act fails here."""
    handles = market.tandem
    source = inspect.getsource(Keeper._call)
    named = set(re.findall(r"\bh\.(\w+)\.(\w+)", source))
    assert len(named) >= 12
    for part, fn in named:
        for form in getattr(handles, part).abi.functions[fn]:
            assert f"0x{form.selector.hex()}" in SELECTORS, (part, fn)
