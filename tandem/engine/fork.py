"""A chain forked onto this machine: what happens there happens to nobody else."""

from __future__ import annotations

import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from tandem.engine.anvil import HOST, AnvilEngine, environment, find_anvil, free_port
from tandem.engine.artifacts import Artifact, compile_vyper
from tandem.engine.base import GAS_LIMIT, Contract, Receipt, Tx, address_of
from tandem.engine.node import Node
from tandem.engine.orphans import die_with_parent
from tandem.engine.relay import TIMEOUT, Far, reading, serving
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError


@contextmanager
def forked(
    urls: str | Sequence[str], timeout: float = TIMEOUT, chain_id: int | None = None
) -> Generator[RemoteEngine]:
    """The chain of these nodes at its latest block, ours to command: a node of our own that ends with the
    block. Raises EngineError. It is told of no address but a port of this process, which only reads."""
    far = Far(urls, timeout, chain_id)
    with serving(reading(far)) as near:
        block = RemoteEngine(Node(near, timeout).request, is_development=False).block()
        at = ("--fork-url", near, "--fork-block-number", str(block))
        with node(*at, "--no-storage-caching", "--no-rate-limit") as ours:
            yield RemoteEngine(Node(ours).request, is_development=True)


@contextmanager
def node(*options: str) -> Generator[str]:
    """A development node of our own that ends with the block; its address. options: anvil's. Raises
    EngineError."""
    port = free_port()
    command = [str(find_anvil()), "--host", HOST, "--port", str(port), "--silent"]
    command += ["--hardfork", "cancun", *options]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,
        env=environment(),
    )
    try:
        if not AnvilEngine.listens(process, port):
            raise EngineError(
                "the node did not start", "of a fork: does the other keep the state of its blocks?"
            )
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait(10)


def place(
    engine: RemoteEngine, where: str, artifact: Artifact, *args: Any, sender: Any = None
) -> Contract:
    """Construct a contract at an address of a development node: its own constructor runs there, so that
    what it stores and what it knows of itself are what they would be had it been created there."""
    who = address_of(sender or engine.accounts[0])
    fields = {"from": who, "to": where, "gas": hex(GAS_LIMIT)}
    engine.request("anvil_setCode", [where, "0x" + artifact.init(args).hex()])
    code = engine.request("eth_call", [fields, "latest"])
    outcome = engine.transact(Tx(who, where, b"", GAS_LIMIT))
    if not isinstance(outcome, Receipt):
        raise EngineError(f"{artifact.name} was not constructed at {where}: {outcome.reason}")
    engine.request("anvil_setCode", [where, code])
    engine.request("anvil_setNonce", [where, "0x1"])  # of a contract which has created nothing
    return engine.at(artifact, where)


def deal(engine: RemoteEngine, token: str, who: str, amount: int) -> None:
    """An account holds so much of a token from now on, token units, on a development node."""
    engine.request("anvil_dealERC20", [who, token, hex(amount)])


PHASE = 64
"""Bits of a round's id below its phase."""
LONGEST = 32
"""Letters of what a feed of ours says that it is."""


def take_over(engine: RemoteEngine, where: str, owner: str) -> Contract:
    """A price feed of ours in the place of another, with its decimals and words, in a phase of its own; it
    says what that said last, from now on, and then what its owner says."""
    there = engine.at(compile_vyper("PriceFeed"), where)
    last, answer, *_ = there.call("latestRoundData")
    words = there.call("description")[:LONGEST]
    phase = (last >> PHASE) + 1
    return our_feed(engine, where, owner, there.call("decimals"), words, phase, answer)


def our_feed(
    engine: RemoteEngine,
    where: str,
    owner: str,
    decimals: int,
    words: str,
    phase: int,
    answer: int,
) -> Contract:
    """What the other has stored where ours looks is written over; of its rounds nothing is."""
    feed = place(engine, where, compile_vyper("PriceFeed"), decimals, words, sender=owner)
    feed.send("answer_zeros", False, sender=owner)
    feed.send("set_latest", phase << PHASE, sender=owner)
    say(feed, answer, owner)
    return feed


def say(feed: Contract, answer: int, owner: str) -> None:
    """A feed of ours says this from now on."""
    feed.send("push", answer, sender=owner)
