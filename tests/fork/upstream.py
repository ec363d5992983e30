"""What is forked: a node of the chain, the recording of one, or a chain of our own that stands in for it."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chains import Chain
from recording import Recording, RecordingError
from stand_in import stand_in

from tandem.engine.relay import Answer, Far, serving
from tandem.errors import ConfigError

NODE, RECORDING, STAND_IN = "a node", "a recording", "a stand-in"
FIRST = "0x" + "00" * 19 + "01"
"""An account that every chain has."""


class UpstreamError(Exception):
    """What is to be forked is not there, or not what it should be. Its text holds no address of a node, for
    that may hold a key."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """A chain that can be forked, and the block to fork at. kind: NODE, RECORDING or STAND_IN; missed: what
    was asked of a recording that does not know it."""

    chain: Chain
    url: str
    block: int
    kind: str
    missed: list[str] = field(default_factory=list)


def file_of(chain: Chain, folder: Path) -> Path:
    """Where its recording is, or would be."""
    return folder / f"{chain.name}-{chain.block}.json.gz"


def kind_of(chain: Chain, folder: Path) -> str:
    """Which of the three there is: a node before a recording, and that before a stand-in."""
    if os.environ.get(chain.variable):
        return NODE
    return RECORDING if file_of(chain, folder).is_file() else STAND_IN


def told(chain: Chain, folder: Path, *, record: bool) -> str:
    """One line of what is forked."""
    kind = kind_of(chain, folder)
    block = "" if kind == STAND_IN else f" at block {chain.block:,}"
    return f"{chain.name}: {kind}{block}{', recorded' if record and kind == NODE else ''}"


def check_record(chains: Sequence[Chain], folder: Path) -> None:
    """Raises UpstreamError where nothing would be recorded."""
    if not any(kind_of(chain, folder) == NODE for chain in chains):
        names = " or ".join(chain.variable for chain in chains)
        raise UpstreamError(f"--record keeps what a node answers, and none is named: set {names}")


@contextmanager
def opened(chain: Chain, folder: Path, *, record: bool = False) -> Generator[Upstream]:
    """Raises UpstreamError. folder: of recordings; record: keep what a node says, also in a run that fails,
    in the place of what was kept before."""
    kind, path = kind_of(chain, folder), file_of(chain, folder)
    if kind == STAND_IN:
        with stand_in(chain) as (url, block):
            yield Upstream(chain, url, block, kind)
        return
    if kind == NODE:
        far = far_of(chain)
        check(chain, far)
        kept = Recording(chain.id, chain.block)
        try:  # never the node itself: its address would be in the fork's command line
            with serving(kept.recorder(far) if record else far) as url:
                yield Upstream(chain, url, chain.block, kind)
        finally:
            if record:
                kept.save(path)
        return
    kept = loaded(chain, path)
    with serving(kept.replay) as url:
        yield Upstream(chain, url, chain.block, kind, kept.missed)


def loaded(chain: Chain, path: Path) -> Recording:
    try:
        return Recording.load(path, chain.id, chain.block)
    except RecordingError as error:
        raise UpstreamError(f"{error}: remove it, or record again with --record") from error


def far_of(chain: Chain) -> Far:
    """The node that the chain's variable names."""
    try:
        return Far(os.environ[chain.variable])
    except ConfigError:
        raise UpstreamError(
            f"{chain.variable} is no address of a node: it looks like https://host/path"
        ) from None


def check(chain: Chain, far: Far) -> None:
    """Say at once what is wrong with a node: it does not answer, is another chain's, or does not keep the
    state of the block."""
    answer = far({"method": "eth_chainId", "params": []})
    if "result" not in answer:
        raise UpstreamError(f"{chain.variable}: {_said(answer)}; unset it to run without")
    try:
        found = int(answer["result"], 16)
    except (TypeError, ValueError):
        raise UpstreamError(f"{chain.variable} names no node of an Ethereum chain") from None
    if found != chain.id:
        raise UpstreamError(f"{chain.variable} is a node of chain {found}, not of {chain.id}")
    state = far({"method": "eth_getBalance", "params": [FIRST, hex(chain.block)]})
    if "result" not in state:
        raise UpstreamError(
            f"{chain.variable}: the node does not keep the state of block {chain.block:,} "
            f"({_said(state)}): name an archive node"
        )


def _said(answer: Answer) -> str:
    """A node's own words."""
    error = answer.get("error")
    return str(error.get("message", error) if isinstance(error, dict) else error)[:200]
