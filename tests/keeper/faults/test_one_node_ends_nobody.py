"""Of two nodes none ends a keeper, or holds it off, by a word that the other one does not say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from faults.conftest import Told
from faults.proxy import Proxy, between
from keeper.journal import State, Wanted, read_actions, read_entries
from tandem.protocol.bindings.market import Market

Run = Callable[..., Result]


def lost(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """A node without its state, as after a crash or a false snapshot: nothing stands anywhere."""
    if asked["method"] == "eth_call" and "to" not in asked["params"][0] and "result" in answer:
        return answer | {"result": "0x" + "00" * ((len(answer["result"]) - 2) // 2)}
    return answer


@pytest.mark.sampled
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


@pytest.mark.sampled
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


REBALANCE = "0x" + Market.ABI.function("rebalance", 1).selector.hex()


def refuses(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Each hedge, in form."""
    said = asked["params"][0] if asked["method"] == "eth_call" else {}
    if not str(said.get("data", "")).startswith(REBALANCE):
        return answer
    return {"id": asked["id"], "error": {"code": 3, "message": "execution reverted", "data": "0x"}}


@pytest.mark.sampled
@pytest.mark.parametrize("first", [True, False])
def test_one_that_refuses_what_another_lets_pass_is_named_and_holds_off_no_hedge(
    tandem: Run, market: Any, proxy: Proxy, told: Told, first: bool
) -> None:
    """Nothing was sent for as long as it did so, for a reason of the contracts' own."""
    market.engine.advance(700)
    market.move(2_650)
    market.rest()
    proxy.answer = refuses
    nodes = ",".join([proxy.url, market.url] if first else [market.url, proxy.url])
    for _ in range(3):
        assert tandem("run", "--once", "--rpc", nodes).exit_code == 0
    assert told.says("one node refuses what another lets pass", "tandem doctor") is first
    stance = market.tandem.snapshot().stance
    assert abs(stance.residual) < stance.hard


def test_a_receipt_that_does_not_say_what_was_paid_counts_as_the_most(
    tandem: Run, market: Any, proxy: Proxy, settings: Path
) -> None:
    """It counted as nothing, and what a day may cost bounded nothing."""
    market.engine.advance(700)

    def silent(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if asked["method"] == "eth_getTransactionReceipt" and answer.get("result"):
            return answer | {"result": answer["result"] | {"effectiveGasPrice": None}}
        return answer

    proxy.answer = silent
    assert tandem("run", "--once", "--rpc", proxy.url).exit_code == 0
    (entry,) = read_entries(settings / "journal.sqlite", Wanted(5))
    attempt = entry.attempt
    assert attempt is not None
    assert attempt.paid == (attempt.gas_used or 0) * attempt.max_fee > 0
