"""Forks through Ape."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

import ape
from ape_nodes import started
from chains import Chain
from stand_in import stand_in
from upstream import STAND_IN, Upstream

from tandem.engine.ape_chain import engine_of
from tandem.engine.remote import RemoteEngine


@contextmanager
def forked(upstream: Upstream) -> Iterator[Any]:
    """A new fork; Ape's provider of it."""
    with ExitStack() as stack:
        with own_home():
            stack.enter_context(configured(upstream))
            provider = _entered(stack, upstream.chain.name)
        yield provider


@contextmanager
def on_chain(upstream: Upstream, on: Chain) -> Iterator[RemoteEngine]:
    """A fork of the upstream; of a stand-in one that has what that market, or variant, of its chain names."""
    with ExitStack() as stack:
        if upstream.kind == STAND_IN:
            url, block = stack.enter_context(stand_in(on))
            upstream = Upstream(on, url, block, STAND_IN)
        yield engine_of(stack.enter_context(forked(upstream)))


def _entered(stack: ExitStack, name: str) -> Any:
    network = getattr(ape.networks, name).mainnet_fork
    return started(
        lambda: stack.enter_context(network.use_provider("foundry", disconnect_after=True))
    )


def configured(upstream: Upstream) -> AbstractContextManager[Any]:
    """Ape as it must be to fork this."""
    chain = upstream.chain
    network = {"upstream_provider": "node", "evm_version": "cancun", "block_number": upstream.block}
    foundry: dict[str, Any] = ape.config.get_config("foundry").model_dump()
    foundry["fork"] = foundry["fork"] | {chain.name: {"mainnet": network}}
    node = {chain.name: {"mainnet": {"uri": upstream.url}}}
    return ape.project.temp_config(node=node, foundry=foundry)


@contextmanager
def own_home() -> Iterator[None]:
    """A home of the forks' own: they keep there what they were told of a block, and would believe it again
    of another chain with this number and a block with that one."""
    before, folder = os.environ.get("HOME"), tempfile.mkdtemp(prefix="tandem-forks-")
    os.environ["HOME"] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ["HOME"]
        else:
            os.environ["HOME"] = before
        shutil.rmtree(folder, ignore_errors=True)
