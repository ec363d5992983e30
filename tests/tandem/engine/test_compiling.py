"""Each contract is compiled once, whoever wants it at the same time, and several side by side."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from tandem.engine import artifacts

SMALL = ("WETH", "MorphoOracle", "USDC")


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An empty cache, and what the compiler was asked for."""
    names: list[str] = []
    monkeypatch.setattr(artifacts, "CACHE", tmp_path / "artifacts")

    def slow(path: Path, root: Path) -> dict[str, Any]:
        names.append(path.stem)
        time.sleep(0.2)
        return {"abi": [], "bytecode": "0x00"}

    monkeypatch.setattr(artifacts, "_compile", slow)
    return names


def test_two_that_want_a_contract_at_once_compile_it_once(compiled: list[str]) -> None:
    once = artifacts.compile_vyper.__wrapped__
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(once, ["WETH"] * 4))
    assert compiled == ["WETH"]
    assert {each.bytecode for each in found} == {b"\0"}
    assert [path.suffix for path in artifacts.CACHE.iterdir()] == [".json"]


def test_what_lacks_is_compiled_side_by_side_and_what_is_kept_is_not(
    compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads stand in for the processes, which would not see this cache."""
    monkeypatch.setattr(
        artifacts, "ProcessPoolExecutor", lambda workers, **_: ThreadPoolExecutor(3)
    )
    monkeypatch.setattr(artifacts, "compile_vyper", artifacts.compile_vyper.__wrapped__)
    together = Barrier(len(SMALL))

    def in_company(path: Path, root: Path) -> dict[str, Any]:
        together.wait(60)  # raises where nobody else comes
        return slow(path, root)

    slow = artifacts._compile
    monkeypatch.setattr(artifacts, "_compile", in_company)
    artifacts.compile_all(SMALL)
    assert sorted(compiled) == sorted(SMALL)
    artifacts.compile_all(SMALL)
    assert len(compiled) == len(SMALL)
