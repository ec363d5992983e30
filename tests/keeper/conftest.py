"""Recorded market data, where this checkout has some: else the tests that need it are skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_DEFAULT = Path(__file__).resolve().parents[2].parent / "shared" / "data"


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
def recorded_chain() -> Path:
    """Snapshots of an ETH option chain, first four months of 2026."""
    return _recorded("deribit_eth_chain_2026_h1.parquet")
