"""`tandem run` with two nodes of which one is of another chain, lags, lies or keeps its answers back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from faults.proxy import Proxy, between
from keeper import past
from keeper.agreement import DisagreeError
from keeper.journal import State, read_actions
from keeper.past import Past
from tandem.engine.abi import Abi
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.bindings.lens import Lens
from tandem.protocol.bindings.price_feed import PriceFeed

Run = Callable[..., Result]
ABI: Abi = Lens.ABI
SNAPSHOT = "0x" + ABI.function("snapshot", 0).encode(()).hex()


def data_of(asked: dict[str, Any]) -> str:
    """What a node is asked to call, "" where it is asked something else."""
    return str(asked["params"][0].get("data")) if asked["method"] == "eth_call" else ""


def sent(settings: Path) -> list[State]:
    return [action.state for action in read_actions(settings / "journal.sqlite", 20)]


@pytest.mark.sampled
@pytest.mark.parametrize("first", [True, False])
def test_nothing_is_sent_on_what_two_nodes_say_differently(
    tandem: Run, market: Any, proxy: Proxy, settings: Path, first: bool
) -> None:
    """Issue: "reads that decide money agree on two endpoints where two are given". One of the two says that
    there is ten times as much at stake; whoever of them is asked first, nothing leaves."""
    market.engine.advance(700)
    before = market.nonce()

    def lie(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if data_of(asked) != SNAPSHOT:
            return answer
        word = answer["result"]
        return answer | {"result": word[: 2 + 64 * 3 - 4] + "ffff" + word[2 + 64 * 3 :]}

    proxy.answer = lie
    nodes = [proxy.url, market.url] if first else [market.url, proxy.url]
    said = tandem("run", "--once", "--rpc", ",".join(nodes))
    assert said.exit_code == 2
    assert "two nodes disagree about the market at block" in said.stderr
    assert market.nonce() == before
    assert read_actions(settings / "journal.sqlite", 5) == []
    proxy.answer = lambda _, answer: answer
    assert tandem("run", "--once", "--rpc", ",".join(nodes)).exit_code == 0
    assert market.nonce() == before + 1


@pytest.mark.parametrize("first", [True, False])
def test_no_node_alone_says_which_chain_a_journal_is_of(
    tandem: Run, market: Any, proxy: Proxy, settings: Path, first: bool
) -> None:
    """The one that was asked first was believed at a keeper's first start: afterwards the journal was of
    another chain, until somebody moved it away."""
    market.engine.advance(700)

    def lie(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if asked["method"] != "eth_getBlockByNumber" or asked["params"][0] != "0x0":
            return answer
        return answer | {"result": answer["result"] | {"hash": "0x" + "22" * 32}}

    proxy.answer = lie
    nodes = ",".join([proxy.url, market.url] if first else [market.url, proxy.url])
    before, said = market.nonce(), tandem("run", "--once", "--rpc", nodes)
    assert said.exit_code == 2
    assert "two nodes disagree about the chain's first block" in said.stderr
    assert "tandem doctor" in said.stderr
    assert market.nonce() == before
    for rpc in (market.url, nodes.replace(proxy.url, market.url)):
        market.engine.advance(700)
        assert tandem("run", "--once", "--rpc", rpc).exit_code == 0
    assert sent(settings) == [State.MINED] * 2


@pytest.mark.sampled
@pytest.mark.parametrize("keeps", ["nothing", "an error"])
def test_nor_does_one_of_several_while_the_other_keeps_no_block_that_old(
    tandem: Run, market: Any, proxy: Proxy, settings: Path, keeps: str
) -> None:
    """The keeper goes on meanwhile, and its journal is bound to no chain by it."""

    def asks(asked: dict[str, Any]) -> bool:
        return bool(asked["method"] == "eth_getBlockByNumber" and asked["params"][0] == "0x0")

    def lie(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if not asks(asked):
            return answer
        return answer | {"result": answer["result"] | {"hash": "0x" + "22" * 32}}

    def pruned(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if not asks(asked):
            return answer
        error = {"code": -32000, "message": "pruned"}
        return {"id": asked["id"], **({"result": None} if keeps == "nothing" else {"error": error})}

    proxy.answer = lie
    with between(market.url) as old:
        old.answer = pruned
        market.engine.advance(700)
        assert tandem("run", "--once", "--rpc", f"{proxy.url},{old.url}").exit_code == 0
        assert sent(settings) == [State.MINED]
        market.engine.advance(700)
        assert tandem("run", "--once", "--rpc", market.url).exit_code == 0
        assert sent(settings) == [State.MINED] * 2
        said = tandem("run", "--once", "--rpc", f"{proxy.url},{old.url}")
    assert said.exit_code == 2
    assert "one of the nodes shows another first block" in said.stderr


@pytest.mark.parametrize("method", ["eth_call", "eth_chainId", "eth_getBlockByNumber"])
def test_one_of_two_that_answers_nothing_stops_nobody(
    tandem: Run, market: Any, proxy: Proxy, settings: Path, method: str
) -> None:
    market.engine.advance(700)
    proxy.answer = lambda asked, answer: (
        {"id": asked["id"]} if asked["method"] == method else answer
    )
    assert tandem("run", "--once", "--rpc", f"{proxy.url},{market.url}").exit_code == 0
    assert sent(settings) == [State.MINED]


def test_one_of_another_chain_is_asked_for_nothing_else(
    tandem: Run, market: Any, proxy: Proxy, settings: Path
) -> None:
    """FAULTS 5. Named first, it was preferred for good, and every cycle failed by it."""
    market.engine.advance(700)
    proxy.answer = lambda asked, answer: (
        answer | {"result": "0x1"} if asked["method"] == "eth_chainId" else answer
    )
    assert tandem("run", "--once", "--rpc", f"{proxy.url},{market.url}").exit_code == 0
    assert sent(settings) == [State.MINED]
    assert set(proxy.asked) == {"eth_chainId"}
    lines = json.loads(tandem("doctor", "--json", "--rpc", f"{market.url},{proxy.url}").stdout)
    found = {line["name"]: line for line in lines}
    assert found[f"node {proxy.url}"]["found"] == "is of chain 1"
    assert found[f"node {proxy.url}"]["state"] == "warn"
    assert found[f"node {market.url}"]["state"] == "ok"


@pytest.mark.long
def test_thirty_bad_answers_in_a_hundred_leave_the_hedge_made(
    tandem: Run, market: Any, proxy: Proxy, settings: Path
) -> None:
    """Issue: "30 % bad answers meant 707 requests and no hedge"."""
    market.engine.advance(700)
    market.move(2_650)
    market.rest()
    count = [0]

    def fail(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        count[0] += 1
        return {"id": asked["id"]} if count[0] * 7 % 10 < 3 else answer

    proxy.answer = fail
    for _ in range(3):
        assert tandem("run", "--once", "--rpc", proxy.url).exit_code == 0
    acts = read_actions(settings / "journal.sqlite", 20)
    assert {a.state for a in acts} == {State.MINED}
    assert "rebalance" in {a.kind for a in acts}
    stance = market.tandem.snapshot().stance
    assert abs(stance.residual) < stance.hard // 2


@pytest.mark.sampled
@pytest.mark.parametrize("when", ["connecting", "keeping"])
def test_a_keeper_that_is_told_to_end_does_while_its_node_says_nothing(
    tandem: Run, market: Any, proxy: Proxy, settings: Path, when: str
) -> None:
    """FAULTS 30: "SIGTERM … clean exit < 5 s" in every state: it waited for the node's answer."""
    assert tandem("config").exit_code == 0
    assert not (settings / "journal.sqlite").exists()
    if when == "connecting":
        proxy.delay = 60.0
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tandem", "run", "--rpc", proxy.url],
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        until = time.monotonic() + 60
        while len(proxy.asked) < 30 and when == "keeping" and time.monotonic() < until:
            time.sleep(0.1)
        proxy.delay = 60.0
        market.engine.request("evm_mine", [])
        time.sleep(3.0 if when == "keeping" else 6.0)
        began = time.monotonic()
        keeper.send_signal(signal.SIGTERM)
        keeper.wait(10)
        assert time.monotonic() - began < 5.0
    finally:
        keeper.kill()
        keeper.wait()
    out = keeper.stderr.read().decode() if keeper.stderr else ""
    assert "Traceback" not in out
    assert keeper.returncode == (0 if when == "keeping" else 128 + signal.SIGTERM), out


ROUND = "0x" + PriceFeed.ABI.function("getRoundData", 1).selector.hex()
LATEST = "0x" + PriceFeed.ABI.function("latestRoundData", 0).selector.hex()


@pytest.mark.parametrize("first", [True, False])
def test_a_past_that_two_nodes_tell_differently_is_not_learnt(
    tandem: Run, market: Any, proxy: Proxy, settings: Path, first: bool
) -> None:
    """One answer of one node would make a level of volatility for days. What both say is learnt."""
    for n in range(3):
        market.engine.advance(700)
        market.move(2_500 + n)
    before = market.nonce()

    def lie(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if not data_of(asked).startswith(ROUND):
            return answer
        word = answer["result"]  # its second word is the price
        return answer | {"result": word[: 2 + 64] + f"{9_000 * 10**8:064x}" + word[2 + 2 * 64 :]}

    proxy.answer = lie
    nodes = [proxy.url, market.url] if first else [market.url, proxy.url]
    said = tandem("run", "--once", "--rpc", ",".join(nodes))
    assert said.exit_code == 2
    assert "two nodes disagree about round" in said.stderr
    assert market.nonce() == before
    proxy.answer = lambda _, answer: answer
    assert tandem("run", "--once", "--rpc", ",".join(nodes)).exit_code == 0


@pytest.mark.parametrize("how", ["silent", "behind", "odd", "both"])
def test_a_past_of_one_that_has_less_or_nothing_to_say(
    market: Any, proxy: Proxy, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that lacks the last round, or keeps fewer, agrees about those that both have, however many are
    read."""
    for n in range(6):
        market.engine.advance(700)
        market.move(2_500 + n)
    monkeypatch.setattr(past, "MOST", 4)
    feed = PriceFeed(market.engine, market.tandem.exchange.feed.address)
    last, asked = feed.latestRoundData(), list[str]()
    older = feed.getRoundData(last.id - 1)

    def odd(asked_: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        data = data_of(asked_)
        if not data.startswith((ROUND, LATEST)):
            return answer
        asked.append(data)
        if how == "silent":
            return {"id": asked_["id"]}
        if how == "behind" and data.startswith(LATEST):
            words = [older.id, older.answer, older.started_at, older.updated_at, older.answered_in]
            return answer | {"result": "0x" + "".join(f"{word:064x}" for word in words)}
        if how == "odd":
            return answer | {"result": "0x1234"}
        return answer

    proxy.answer = odd
    both = RemoteEngine.over(Node([market.url, proxy.url]))
    found = Past(PriceFeed(both, feed.address), 0)
    found.read(60.0)
    told = found.prices(last.updated_at)
    newest = older if how == "behind" else last
    assert [told[-1], len(told)] == [(newest.updated_at, newest.answer / 10**8), 4]
    assert len(asked) > (4 if how in ("behind", "both") else 0)
    proxy.answer = lambda _, answer: answer


def test_one_that_knows_of_no_round_is_not_believed(market: Any, proxy: Proxy) -> None:
    market.engine.advance(700)
    market.move(2_501)
    proxy.answer = lambda asked, answer: (
        answer | {"result": "0x" + "0" * 320} if data_of(asked).startswith(LATEST) else answer
    )
    for urls in ([market.url, proxy.url], [proxy.url, market.url]):
        both = RemoteEngine.over(Node(urls))
        with pytest.raises(DisagreeError, match="knows no round"):
            Past(PriceFeed(both, market.tandem.exchange.feed.address), 0).read(60.0)
    proxy.answer = lambda _, answer: answer
