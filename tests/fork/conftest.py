"""Forks run anywhere: of a node where one is named, of what one answered before, or of a stand-in.

`ape test tests/fork` runs on every chain of chains.py, and with `--network <chain>:mainnet-fork:foundry`
on that one. With `--record` what nodes answer is kept under `--recordings`. The summary says which of the
three was forked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chains import CHAINS, Chain
from forking import configured, forked, own_home
from upstream import Upstream, UpstreamError, check_record, opened, told

RECORDINGS = Path(__file__).resolve().parent / "recordings"
Fork = Callable[[], AbstractContextManager[Any]]


SAMPLE = "base"
"""The chain whose market is lived in on every change; `make long`, or naming a chain, does the others."""


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
    if _records(config):
        try:
            check_record(chains, _folder(config))
        except UpstreamError as error:
            raise pytest.UsageError(str(error)) from error
    if len(chains) == 1:
        _session.enter_context(own_home())
        upstream = _open(_session, config, chains[0])
        _session.enter_context(configured(upstream))
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


# ---------------------------------------------------------------- fixtures


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`chain` is each that is forked; `base` that one alone, where it is among them."""
    chosen = _chosen(metafunc.config)
    whole_life = metafunc.module.__name__.endswith("test_market_on_forks") and len(chosen) > 1
    for name, chains in (("chain", chosen), ("base", [c for c in chosen if c.name == "base"])):
        if name in metafunc.fixturenames:
            marks = [pytest.mark.long] if whole_life else []
            each = [
                pytest.param(c, marks=[] if c.name == SAMPLE else marks, id=c.name) for c in chains
            ]
            metafunc.parametrize(name, each, scope="session")


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
    return lambda: forked(upstream)
