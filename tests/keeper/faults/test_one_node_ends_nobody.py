"""Of two nodes none ends a keeper, or holds it off, by a word that the other one does not say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from faults.conftest import Told
from faults.proxy import Proxy, between
from keeper.journal import State, read_actions

Run = Callable[..., Result]


def lost(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """A node without its state, as after a crash or a false snapshot: nothing stands anywhere."""
    if asked["method"] == "eth_call" and "to" not in asked["params"][0] and "result" in answer:
        return answer | {"result": "0x" + "00" * ((len(answer["result"]) - 2) // 2)}
    return answer


@pytest.mark.parametrize("first", [True, False])
def test_a_node_that_lost_its_state_ends_no_keeper_of_two(
    tandem: Run, market: Any, proxy: Proxy, settings: Path, told: Told, first: bool
) -> None:
    """It ended the keeper for good, with 2, which no service manager begins again: one node's word was
    enough. Named first nothing is sent by it, and the next cycle looks again."""
    market.engine.advance(700)
    proxy.answer = lost
    nodes = ",".join([proxy.url, market.url] if first else [market.url, proxy.url])
    before, said = market.nonce(), tandem("run", "--once", "--rpc", nodes)
    assert ("one node alone says that other code stands at" in said.stderr) is first
    assert ("tandem doctor" in said.stderr) is first
    assert "than was deployed" not in said.stderr
    assert not told.says("other code stands", "than was deployed")
    assert market.nonce() == before + (not first)
    proxy.answer = lambda _, answer: answer
    market.engine.advance(700)
    assert tandem("run", "--once", "--rpc", nodes).exit_code == 0
    assert read_actions(settings / "journal.sqlite", 1)[0].state is State.MINED


def test_what_two_nodes_say_of_code_ends_it(tandem: Run, market: Any, proxy: Proxy) -> None:
    market.engine.advance(700)
    proxy.answer = lost
    before = market.nonce()
    with between(market.url) as another:
        another.answer = lost
        said = tandem("run", "--once", "--rpc", f"{proxy.url},{another.url}")
    assert said.exit_code == 2
    assert "than was deployed: nothing is sent" in said.stderr
    assert market.nonce() == before


@pytest.mark.parametrize("estimate", [2**62, 10**9, 0, 1])
def test_an_estimate_that_nothing_ever_was_holds_off_no_act(
    tandem: Run, market: Any, proxy: Proxy, settings: Path, estimate: int
) -> None:
    """Its gas "would cost more than the caps leave": nothing was sent for as long as a node said so."""
    market.engine.advance(700)
    proxy.answer = lambda asked, answer: (
        answer | {"result": hex(estimate)} if asked["method"] == "eth_estimateGas" else answer
    )
    assert tandem("run", "--once", "--rpc", f"{proxy.url},{market.url}").exit_code == 0
    assert read_actions(settings / "journal.sqlite", 1)[0].state is State.MINED
