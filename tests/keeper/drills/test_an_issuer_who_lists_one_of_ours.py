"""The quote token's issuer lists one of the market's contracts: who can end what it costs is told at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from broken import copy_with
from click.testing import Result
from listening import Said

from keeper.cycle import Keeper
from keeper.frozen import Frozen
from tandem.engine.artifacts import compile_vyper
from tandem.protocol.frozen import frozen

Run = Callable[..., Result]
MOVE = "    self.balanceOf[owner] -= amount\n"


def lists(market: Any, *who: str, is_paused: bool = False) -> None:
    """From now on its token moves nothing from them or to them, or from anybody."""
    checks = [f'    assert {each} not in [owner, to], "Blacklistable: listed"\n' for each in who]
    checks += ['    assert owner == empty(address), "Pausable: paused"\n'] * is_paused
    changed = compile_vyper("USDC", copy_with(("mocks/USDC.vy", MOVE, "".join([*checks, MOVE]))))
    token, issuer = market.tandem.exchange.usdc, market.tandem.exchange.owner
    other = market.engine.deploy(changed, sender=issuer)
    code = "0x" + market.engine.code(other.address).hex()
    market.engine.request("anvil_setCode", [token.address, code])


@pytest.mark.parametrize("whom", ["HedgeRouter", "venue"])
def test_a_guardian_is_sent_for_before_anybody_leaves(
    whom: str, tandem: Run, keeper: Keeper, market: Any, heard: Said
) -> None:
    """All was "ok": exits were paid by margin that cannot come home, until it had to move (62,537 a million
    on Aave, `test_margin_that_is_frozen.py`)."""
    h = keeper.observer.handles
    look, address = Frozen(h, heard), {"HedgeRouter": h.router, "venue": h.venue}[whom].address
    look.look()
    lists(market, address)
    look.look()
    assert heard.events == []  # within ten minutes it is not looked at again
    Frozen(h, heard).look()
    assert heard.events == ["the quote token moves nothing for"]
    lines = {each["name"]: each for each in json.loads(tandem("doctor", "--json").stdout)}
    assert whom in lines["quote token"]["found"]
    assert "`tandem govern take-down`" in lines["quote token"]["todo"]
    assert "quote token" in tandem("status").stdout


def test_a_pause_and_a_token_that_wants_no_transfer_of_nothing_are_no_list(
    keeper: Keeper, market: Any
) -> None:
    lists(market, is_paused=True)
    assert frozen(keeper.observer.handles) == ()
