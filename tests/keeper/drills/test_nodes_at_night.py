"""Nodes that are ill for a night, one by one, and what doctor says that ends it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import Result
from faults.parties import Faulty
from faults.proxy import between
from faults.schedules import Fault
from faults.test_two_nodes import SNAPSHOT, data_of

Run = Callable[..., Result]


@pytest.fixture
def faulty(market: Any) -> Iterator[Faulty]:
    with between(market.url, Faulty) as made:
        yield made


def nodes(tandem: Run, rpc: str) -> dict[str, str]:
    """What doctor says of all of them together."""
    lines = {
        each["name"]: each for each in json.loads(tandem("doctor", "--json", "--rpc", rpc).stdout)
    }
    found: dict[str, str] = lines["nodes"]
    return found


def other_book(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    if data_of(asked) != SNAPSHOT:
        return answer
    word = answer["result"]
    return answer | {"result": word[: 2 + 64 * 3 - 4] + "ffff" + word[2 + 64 * 3 :]}


def other_fork(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    answer = other_book(asked, answer)
    if asked["method"] != "eth_getBlockByNumber" or not answer.get("result"):
        return answer
    return answer | {"result": answer["result"] | {"hash": "0x" + "22" * 32}}


@pytest.mark.live
@pytest.mark.parametrize("lie", [other_book, other_fork])
def test_of_three_nodes_the_one_that_errs_is_named(
    tandem: Run, market: Any, faulty: Faulty, lie: Any
) -> None:
    """ "`tandem doctor` shows each node; leave out the one that errs": it showed two that answer, at the same
    block, and nothing of what the keeper had found."""
    market.engine.advance(700)
    with between(market.url) as third:
        every = f"{market.url},{faulty.url},{third.url}"
        assert nodes(tandem, every)["state"] == "ok"
        faulty.answer = lie
        before = market.nonce()
        said = tandem("run", "--once", "--rpc", f"{market.url},{faulty.url}")
        assert "two nodes disagree" in said.stderr
        assert market.nonce() == before
        found = nodes(tandem, every)
        assert found["state"] == "fail"
        alone, others = found["found"].split(": ", 1)[1].split("; ")
        assert faulty.url in alone
        assert market.url in others
        assert third.url in others
        left = f"{market.url},{third.url}"
        assert nodes(tandem, left)["state"] == "ok"
        assert tandem("run", "--once", "--rpc", left).exit_code == 0
        assert market.nonce() == before + 1


def test_one_that_is_asked_too_much_is_not_to_be_started(
    tandem: Run, faulty: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider's 429: "start the node", it said."""
    monkeypatch.setenv("TANDEM_RPC_TIMEOUT", "1")
    faulty.turn(Fault("limit", 0, 0, 0, 1.0))
    said = tandem("run", "--once", "--rpc", faulty.url)
    assert said.exit_code == 2
    assert "HTTP 429" in said.stderr
    assert "TANDEM_POLL_SECONDS" in said.stderr


def test_one_of_another_chain_gets_nothing_signed_alone_or_beside_ours(
    tandem: Run, market: Any, faulty: Faulty
) -> None:
    market.engine.advance(700)
    faulty.turn(Fault("other chain", 0, 0, 0, 1.0))
    before = market.nonce()
    alone = tandem("run", "--once", "--rpc", faulty.url)
    assert alone.exit_code == 2
    assert "is of chain 1" in alone.stderr
    assert faulty.raw == []
    beside = tandem("run", "--once", "--rpc", f"{faulty.url},{market.url}")
    assert beside.exit_code == 0
    assert "is of chain 1" in beside.stderr
    assert (faulty.raw, market.nonce()) == ([], before + 1)
