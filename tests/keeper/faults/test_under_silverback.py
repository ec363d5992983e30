"""FAULTS 1 and 3 under Silverback, which has one node and ends with what follows that."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from faults.proxy import Proxy, honest
from faults.test_told_to_end import PATIENCE, SILVERBACKS, mine, running, told_to_end, until
from faults.wire import wired

pytestmark = pytest.mark.usefixtures("as_before")
Run = Callable[..., Result]
MORE = 4
"""Cycles in a row that failed ended the keeper before this one, with exit code 0."""


def acts(process: Any, market: Any, said: Path) -> None:
    """A post is due, and it is made."""
    before = market.nonce()
    market.engine.request("evm_increaseTime", [700])
    mine(market)
    until(lambda: market.nonce() > before, process, said)


@pytest.mark.long
def test_more_bad_blocks_than_ended_it_are_lived_through(
    tandem: Run, market: Any, proxy: Proxy, settings: Path
) -> None:
    """Issue: "four bad blocks under Silverback end the process with exit code 0". The only node answers
    nothing in them, Silverback itself neither; then it is well, and what is due is done."""
    said = settings / "said"
    more = {"APE_FOUNDRY_HOST": proxy.url, "TANDEM_RPC_TIMEOUT": "0.5"}
    with running(proxy.url, said, SILVERBACKS, **more) as process:
        until(lambda: '"heartbeat"' in said.read_text(), process, said)
        proxy.answer = lambda asked, _: {"id": asked["id"]}
        for _ in range(MORE + 2):
            asked = len(proxy.asked)
            mine(market)
            until(lambda asked=asked: len(proxy.asked) > asked + 5, process, said)
        proxy.answer = honest
        acts(process, market, said)
        told_to_end(process, said)
    failed = re.findall(r'was so for some cycles", "cycles": (\d+)', said.read_text())
    assert sum(map(int, failed)) > MORE


@pytest.mark.live
def test_where_its_own_node_dies_the_other_one_serves(
    tandem: Run, market: Any, settings: Path
) -> None:
    """FAULTS 1: the keeper asked another node, and nothing told it of a block any more."""
    said = settings / "said"
    with wired(market.url) as wire:
        nodes = f"{wire.url},{market.url}"
        with running(nodes, said, SILVERBACKS, APE_FOUNDRY_HOST=wire.url) as process:
            until(lambda: '"heartbeat"' in said.read_text(), process, said)
            wire.cut()
            for _ in range(2):
                acts(process, market, said)
            told_to_end(process, said)


@pytest.mark.live
def test_a_keeper_that_cannot_go_on_ends_with_an_exit_code_that_says_so(
    tandem: Run, market: Any, settings: Path
) -> None:
    """Issue: "exit codes (nonzero on a halt)". Under Silverback whatever ended it, its code was 0."""
    said, engine = settings / "said", market.engine
    with running(market.url, said, SILVERBACKS, APE_FOUNDRY_HOST=market.url) as process:
        until(lambda: '"heartbeat"' in said.read_text(), process, said)
        vault = market.deployment.address("Vault")
        code = engine.request("eth_getCode", [vault, "latest"])
        engine.request("anvil_setCode", [vault, code + "00"])
        deadline = time.monotonic() + 2 * PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            # something is due, and code is looked at once a minute
            engine.request("evm_increaseTime", [700])
            mine(market)
            time.sleep(1.0)
        assert process.poll() == 2, said.read_text()
    assert "other code stands at Vault" in said.read_text()


@pytest.mark.long
def test_a_runner_that_follows_its_node_ends_with_it_and_its_exit_code_says_so(
    tandem: Run, market: Any, settings: Path
) -> None:
    """Whoever starts Silverback by hand, with a runner of its choice, has it started again."""
    said = settings / "said"
    chosen = tuple(each.replace("PollingRunner", "WebsocketRunner") for each in SILVERBACKS)
    with (
        wired(market.url) as wire,
        running(market.url, said, chosen, APE_FOUNDRY_HOST=wire.url) as process,
    ):
        until(lambda: '"heartbeat"' in said.read_text(), process, said)
        wire.cut()
        assert process.wait(PATIENCE) == 1, said.read_text()
    assert "keeper stopped" in said.read_text()


@pytest.mark.live
@pytest.mark.parametrize(
    ("name", "value", "why", "code"),
    [
        ("TANDEM_POLICY__NAME", "nope", "no policy is called 'nope'", 2),
        ("TANDEM_SURFACE__KEYS", "0x12", "TANDEM_SURFACE__KEYS is no private key", 2),
        ("TANDEM_FEES__MOST_GWIE", "3", "TANDEM_FEES__MOST_GWIE is no setting", 2),
        ("TANDEM_RPC", "http://127.0.0.1:9", "no node answers", 1),  # `tandem run` waits for it
    ],
)
def test_what_nothing_can_start_with_ends_it_as_it_does_without_silverback(
    tandem: Run, market: Any, settings: Path, name: str, value: str, why: str, code: int
) -> None:
    """It was Silverback's 1 behind a traceback, which a service manager begins again for ever."""
    said = settings / "said"
    more = {"APE_FOUNDRY_HOST": market.url, name: value}
    with running(market.url, said, SILVERBACKS, **more) as process:
        assert process.wait(PATIENCE) == code, said.read_text()
    assert why in said.read_text()
    assert "Traceback" not in said.read_text()
