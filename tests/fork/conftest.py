"""Forks run anywhere: of a node where one is named, of what one answered before, or of a stand-in.

`ape test tests/fork` runs on every chain of chains.py, and with `--network <chain>:mainnet-fork:foundry`
on that one. With `--record` what nodes answer is kept under `--recordings`. The summary says which of the
three was forked.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import ape
import pytest
from chains import CHAINS, Chain
from upstream import NODE, Upstream, UpstreamError, kind_of, opened, told

RECORDINGS = Path(__file__).resolve().parent / "recordings"
Fork = Callable[[], AbstractContextManager[Any]]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("forks")
    group.addoption("--record", action="store_true", help="Keep every answer of the nodes named.")
    group.addoption("--at", type=int, help="A block of the node, instead of the pinned one.")
    group.addoption("--recordings", type=Path, default=RECORDINGS, help="Folder of what is kept.")


def _folder(config: pytest.Config) -> Path:
    found: Path = config.getoption("--recordings", RECORDINGS)
    return found


def _records(config: pytest.Config) -> bool:
    return bool(config.getoption("--record", default=False))


def _chosen(config: pytest.Config) -> list[Chain]:
    """The chain of --network where that is one of ours, else all."""
    name = str(config.getoption("--network", None) or "").split(":")[0]
    chosen = [CHAINS[name]] if name in CHAINS else list(CHAINS.values())
    at = config.getoption("--at", None)
    return chosen if at is None else [replace(chain, block=at) for chain in chosen]


def _lines(config: pytest.Config) -> list[str]:
    chains, folder = _chosen(config), _folder(config)
    return [f"fork of {told(chain, folder, record=_records(config))}" for chain in chains]


# ---------------------------------------------------------------- Ape's own connection

_session = ExitStack()
_upstreams: dict[str, Upstream] = {}
"""Those that were opened, by the chain's name."""


def pytest_configure(config: pytest.Config) -> None:
    """A run with --network forks before the first test does."""
    chains = _chosen(config)
    if _records(config) and not any(kind_of(c, _folder(config)) == NODE for c in chains):
        names = " or ".join(chain.variable for chain in chains)
        raise pytest.UsageError(
            f"--record keeps what a node answers, and none is named: set {names}"
        )
    if len(chains) == 1:
        _session.enter_context(_home())
        upstream = _open(_session, config, chains[0])
        _session.enter_context(_configured(upstream))
        _upstreams[chains[0].name] = upstream


def pytest_unconfigure() -> None:
    _session.close()


def pytest_report_header(config: pytest.Config) -> list[str]:
    return _lines(config)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    terminalreporter.section("forks")
    for line in _lines(config):
        terminalreporter.write_line(line)
    for name, upstream in _upstreams.items():
        if upstream.missed:
            lacks = f"{name}: the recording lacks {len(upstream.missed)} answers: run again with"
            terminalreporter.write_line(f"{lacks} {upstream.chain.variable} and --record", red=True)


def _open(stack: ExitStack, config: pytest.Config, chain: Chain) -> Upstream:
    try:
        return stack.enter_context(opened(chain, _folder(config), record=_records(config)))
    except UpstreamError as error:
        pytest.exit(str(error), 1)


def _configured(upstream: Upstream) -> AbstractContextManager[Any]:
    """Ape as it must be to fork this."""
    chain = upstream.chain
    network = {"upstream_provider": "node", "evm_version": "cancun", "block_number": upstream.block}
    foundry: dict[str, Any] = ape.config.get_config("foundry").model_dump()
    foundry["fork"] = foundry["fork"] | {chain.name: {"mainnet": network}}
    node = {chain.name: {"mainnet": {"uri": upstream.url}}}
    return ape.project.temp_config(node=node, foundry=foundry)


@contextmanager
def _home() -> Iterator[None]:
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


# ---------------------------------------------------------------- fixtures


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "chain" in metafunc.fixturenames:
        chains = _chosen(metafunc.config)
        metafunc.parametrize("chain", chains, ids=[c.name for c in chains], scope="session")


@pytest.fixture(scope="session")
def upstreams(pytestconfig: pytest.Config) -> Iterator[Callable[[Chain], Upstream]]:
    """The upstream of a chain, opened when it is first asked for."""
    with ExitStack() as stack:

        def upstream_of(chain: Chain) -> Upstream:
            if chain.name not in _upstreams:
                _upstreams[chain.name] = _open(stack, pytestconfig, chain)
            return _upstreams[chain.name]

        yield upstream_of


@pytest.fixture
def upstream(chain: Chain, upstreams: Callable[[Chain], Upstream]) -> Upstream:
    return upstreams(chain)


@pytest.fixture
def fork(upstream: Upstream) -> Fork:
    """A fork through Ape, new each time: `with fork() as provider: …`."""

    @contextmanager
    def enter() -> Iterator[Any]:
        ecosystem = getattr(ape.networks, upstream.chain.name)
        with ExitStack() as stack:
            with _home():
                stack.enter_context(_configured(upstream))
                network = ecosystem.mainnet_fork
                provider = stack.enter_context(
                    network.use_provider("foundry", disconnect_after=True)
                )
            yield provider

    return enter
