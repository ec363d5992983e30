"""The keeper as operators run it: a Silverback process, and a dry run that sends nothing."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from keepers import PATIENCE, ROOT, silverback, wait

from keeper.cli.run import RUNNER
from keeper.journal import State, read_actions
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.series import Series
from tandem.protocol.tandem import LOCAL_SIGNER_KEY, Tandem
from tandem.protocol.verifying import verify
from tandem.units import WAD

AVERAGED = 600
"""Seconds after which the pool's average has arrived at a price that moved (HG-17)."""


def asked(port: int, path: str) -> str:
    """What the keeper says of itself at a path; an error where it says 503."""
    with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10) as answer:
        return str(answer.read().decode())


def objects(log: Path) -> Iterator[dict[str, Any]]:
    """What was said once the keeper had begun, Silverback's own lines too."""
    lines = log.read_text().splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("{"))
    yield from map(json.loads, lines[first:])


def has_begun(tandem: Tandem) -> bool:
    """Whether there is a surface, and the margin that is due: two transactions, in either order."""
    return bool(tandem.surface.slices()) and tandem.lens.snapshot().account.top_up == 0


def hedged_since(tandem: Tandem, before: Snapshot) -> bool:
    """Whether the hedge has moved with the price, and the residual is inside the hard band again:
    how far inside is the policy's affair, and the gas price's."""
    now = tandem.lens.snapshot()
    return now.position > before.position and abs(now.stance.residual) < now.stance.hard


def test_the_deploy_script_writes_what_stands_on_the_chain(chain: Any) -> None:
    assert chain.deployment.chain_id == 31_337
    assert [f.name for f in verify(chain.engine, chain.deployment) if f.fault] == []


def test_a_keeper_process_brings_margin_surface_and_hedge_and_ends_cleanly(
    chain: Any, tandem: Tandem, program: Callable[[str], str], tmp_path: Path
) -> None:
    log, journal = tmp_path / "log", tmp_path / "journal.sqlite"
    chain.engine.shared = True
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
    with silverback(program("silverback"), chain, tmp_path, port=port, form="json") as process:
        wait(chain, process, log, lambda: has_begun(tandem))
        (expiry,) = tandem.lens.snapshot().expiries
        tandem.mint(Series(expiry.expiry, False, 2_500, 5_000), 3_000_000)
        minted = tandem.lens.snapshot()
        tandem.exchange.set_index(2_700 * WAD)
        tandem.exchange.converge(2_700 * WAD)
        chain.engine.advance(AVERAGED)
        tandem.exchange.set_index(2_700 * WAD)
        wait(chain, process, log, lambda: hedged_since(tandem, minted))
        assert [asked(port, path) for path in ("health", "ready")] == ["ok\n", "ok\n"]
        hedged = re.compile(r'tandem_actions_total{kind="rebalance",state="mined"} [1-9]')
        wait(chain, process, log, lambda: bool(hedged.search(asked(port, "metrics"))))
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0, log.read_text()
        assert time.monotonic() - began < 5
    said = list(objects(log))
    events = {line["event"] for line in said}
    assert {"keeper started", "heartbeat", "mined", "keeper stopped"} <= events
    assert any(line["event"] == "mined" and line["intent"] == "rebalance" for line in said)
    done = {a.kind for a in read_actions(journal, 50) if a.state is State.MINED}
    assert {"top_up", "post", "rebalance"} <= done
    assert LOCAL_SIGNER_KEY[2:] not in log.read_text()


def test_a_keeper_that_polls_goes_on_though_no_block_comes_and_ends_at_once(
    chain: Any, program: Callable[[str], str], tmp_path: Path
) -> None:
    log, begun = tmp_path / "log", time.monotonic()
    with silverback(program("silverback"), chain, tmp_path, *RUNNER) as process:
        while "transitioning to runtime" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < begun + PATIENCE, log.read_text()
            time.sleep(0.1)
        time.sleep(12.0)  # Ape gives up a local chain after ten seconds without a block
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0, log.read_text()
    assert "keeper stopped" in log.read_text()


def test_a_dry_run_needs_no_key_prints_its_plan_and_sends_nothing(
    chain: Any, tandem: Tandem, program: Callable[[str], str]
) -> None:
    before = [
        chain.engine.request("eth_getTransactionCount", [a, "pending"])
        for a in chain.engine.accounts
    ]
    block = chain.engine.block()
    command = [program("tandem"), "run", "--dry-run", "--once", "--json"]
    output = subprocess.run(
        command, cwd=ROOT, env=chain.environment(), capture_output=True, timeout=60, check=True
    ).stdout
    plan = json.loads(output)
    assert plan["block"] == block
    assert [intent["kind"] for intent in plan["intents"]] == ["top_up", "remark"]
    after = [
        chain.engine.request("eth_getTransactionCount", [a, "pending"])
        for a in chain.engine.accounts
    ]
    assert (after, chain.engine.block()) == (before, block)


def test_a_dry_run_that_goes_on_ends_at_sigterm_with_0(
    chain: Any, tandem: Tandem, program: Callable[[str], str]
) -> None:
    process: subprocess.Popen[bytes] = subprocess.Popen(
        [program("tandem"), "run", "--dry-run"],
        cwd=ROOT,
        env=chain.environment(TANDEM_POLL_SECONDS="0.1"),
        stdout=subprocess.PIPE,
    )
    stream = process.stdout
    assert stream is not None
    assert b"block" in stream.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    stream.close()
