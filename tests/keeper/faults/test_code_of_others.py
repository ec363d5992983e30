"""FAULTS 27, of what others deployed: a proxy behind which the code is another is said, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from listening import Said

from faults.conftest import Told
from keeper.behind import SLOTS, Behind, others
from tandem.engine.rpc import RpcError

Run = Callable[..., Result]


def behind(market: Any, name: str, slot: str, who: int) -> None:
    """Another stands behind one of the venue's parts."""
    where = market.deployment.venue[name]
    market.engine.request("anvil_setStorageAt", [where, slot, f"0x{who:064x}"])


def test_others_are_the_venue_its_token_and_the_feeds_and_nothing_of_ours(market: Any) -> None:
    found = others(market.deployment)
    assert {"usdc", "feed", "clearing_house", "vault"} <= found.keys()
    assert not set(found.values()) & {each.address for each in market.deployment.contracts.values()}
    assert "second_feed" not in found  # nobody


@pytest.mark.parametrize("slot", SLOTS)
def test_a_venue_that_was_changed_behind_its_proxy_is_told_of_once_and_hedged_on(
    tandem: Run, market: Any, told: Told, slot: str
) -> None:
    behind(market, "usdc", slot, 7)
    market.engine.advance(700)
    assert tandem("run", "--once").exit_code == 0
    assert not told.service.told
    behind(market, "usdc", slot, 8)
    for _ in range(2):
        market.engine.advance(700)
        before = market.nonce()
        assert tandem("run", "--once").exit_code == 0
        assert market.nonce() > before
    assert told.says("TandemWarning", "the code behind an address of others changed", "name: usdc")
    assert len(told.service.told) == 1


def test_a_node_that_does_not_say_says_nothing(
    market: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Said()
    behind(market, "usdc", SLOTS[0], 7)
    look = Behind(market.engine, market.deployment, tmp_path / "a.code", said)
    look.look()
    kept = (tmp_path / "a.code").read_text()

    def refuse(*_: Any) -> Any:
        raise RpcError("eth_getStorageAt", {"message": "no"})

    with monkeypatch.context() as patched:
        patched.setattr(market.engine, "request_many", refuse)
        look._next = 0.0
        look.look()
    assert (tmp_path / "a.code").read_text() == kept
    for nonsense in ("", "[]", "{", '{"usdc": 3}'):
        (tmp_path / "a.code").write_text(nonsense)
        look._next = 0.0
        look.look()
        assert (tmp_path / "a.code").read_text() == kept
