"""What every test shares."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import boa
import going_on
import pytest
from boa.contracts.vyper.vyper_contract import VyperContract
from hypothesis import settings
from hypothesis.internal.conjecture import providers
from sampling import leave_samples
from spreading import order

# At the interpreter's own pace a tenth of all tests' time went into looking for what is dead.
gc.set_threshold(50_000, 10, 10)

# The oracles are imported by name.
sys.path.insert(0, str(Path(__file__).resolve().parent / "reference"))

# What a keeper keeps for its user is kept for nobody here; child processes inherit it.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="tandem-data-")
atexit.register(shutil.rmtree, os.environ["XDG_DATA_HOME"], ignore_errors=True)

# Compiled contracts are kept inside the checkout: a cache shared between checkouts mixes them up.
boa.interpret.set_cache_dir(str(Path(__file__).resolve().parents[1] / ".cache" / "titanoboa"))


def _short(self: VyperContract) -> str:
    return f"<{self.compiler_data.contract_path} at {self.address}>"


# Before each revert titanoboa prints the contract's storage into its error, by a trace that it keeps
# by address. Past an anchor that trace may be of another contract that stood there, which cannot be
# read with this one's types; then the print fails instead of the call.
VyperContract.__repr__ = _short

# A change is judged by the same examples each time; new ones are looked for every night.
settings.register_profile("change", derandomize=True, deadline=None)
settings.register_profile("nightly", deadline=None)
settings.load_profile("nightly" if os.environ.get("TANDEM_NIGHTLY") == "1" else "change")
if os.environ.get("TANDEM_NIGHTLY") != "1":
    # Hypothesis draws numbers that stand in our sources as well, as far as they are loaded: every change,
    # and which tests share a process, would bring other examples.
    _none = providers._local_constants
    providers._get_local_constants = lambda: _none


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("GO_ON") == "1":
        config.pluginmanager.register(going_on, "going on")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Fifteen thousand cases that a run leaves out need not be made in each of its processes."""
    is_long = collection_path.name.endswith("_long.py")
    return True if is_long and "not long" in str(config.getoption("markexpr")) else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Before the marks are asked what is a sample; then files in the order in which processes are given them,
    tests of a file as they stand."""
    leave_samples(items)
    yield
    place = {file: i for i, file in enumerate(order(item.path for item in items))}
    items.sort(key=lambda item: place[item.path])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> Iterator[None]:
    """Under Ape each process connects to a node of its own once it has told what it collected. One that could
    not ended there, and the whole run with it."""
    try:
        yield
    except Exception as error:
        if (runner := session.config.pluginmanager.get_plugin("ape-test")) is None:
            raise
        # With Ape, which a run without it need not load.
        from ape_nodes import TRIES, UNSTARTED, started

        if not isinstance(error, UNSTARTED):
            raise
        started(runner._connect, TRIES - 1)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """What was imported and collected lives until the end, and need not be looked through again."""
    gc.freeze()


@pytest.fixture
def full_disk(tmp_path: Path) -> Path:
    """A device that is always full. For root one of the test's own: code that is wrong would put a
    file in the place of /dev/full."""
    if os.geteuid() != 0:
        return Path("/dev/full")
    path = tmp_path / "full-disk"
    os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 7))
    return path


# Recorded market data, where this checkout has some: else the tests that need it are skipped.
_DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data"


def _recorded(name: str) -> Path:
    path = Path(os.environ.get("TANDEM_DATA", str(_DEFAULT))) / name
    if not path.exists():
        pytest.skip(f"no recorded data: {name} (set TANDEM_DATA to its folder)")
    return path


@pytest.fixture(scope="session")
def recorded_five_minutes() -> Path:
    """ETH/USDT candles of five minutes, April and May 2025."""
    return _recorded("eth_usdt_5m_2025_04_05.parquet")


@pytest.fixture(scope="session")
def recorded_hours() -> Path:
    """ETH/USDT candles of one hour, May 2024 to August 2025."""
    return _recorded("eth_usdt_1h_2024_2025.parquet")


@pytest.fixture(scope="session")
def recorded_hours_2026() -> Path:
    """ETH/USDT candles of one hour, first four months of 2026: the days of the chain."""
    return _recorded("eth_usdt_1h_2026_h1.parquet")


@pytest.fixture(scope="session")
def recorded_chain() -> Path:
    """Snapshots of an ETH option chain, first four months of 2026."""
    return _recorded("deribit_eth_chain_2026_h1.parquet")
