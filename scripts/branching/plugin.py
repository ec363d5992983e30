"""Loaded by pytest in the copy: contracts may be larger than a chain lets them be, and what their chains
have cached is kept. Both kinds of chain: this project's engine, and the one that titanoboa brings."""

from __future__ import annotations

import json
import os
import weakref
from pathlib import Path
from typing import Any

import pyrevm

from branching.decisions import BASE

SEEN: set[int] = set()
CHAINS: weakref.WeakSet[Any] = weakref.WeakSet()
ROOM = 10**6


def _note(address: int) -> None:
    if BASE <= address < BASE + 2**64:
        SEEN.add(address - BASE)


def _gather(evm: Any) -> None:
    for address in evm.db_accounts:
        _note(int(address, 16))


def _widen(chain_id: int) -> Any:
    return REAL_CFG(chain_id=chain_id, limit_contract_code_size=ROOM)


REAL_CFG = pyrevm.CfgEnv


def pytest_configure() -> None:
    """Before any chain is made."""
    from eth.vm.state import BaseState

    from tandem.engine.revm import RevmEngine

    pyrevm.CfgEnv = _widen  # type: ignore[misc, assignment]
    begin, read = RevmEngine.__init__, BaseState.get_balance

    def begun(self: Any, *args: Any, **named: Any) -> None:
        begin(self, *args, **named)
        CHAINS.add(self)

    def balance(self: Any, address: Any) -> int:
        _note(int.from_bytes(address, "big"))
        return read(self, address)

    RevmEngine.__init__ = begun  # type: ignore[method-assign]
    RevmEngine.__del__ = lambda self: _gather(self._evm)  # type: ignore[attr-defined]
    BaseState.get_balance = balance  # type: ignore[method-assign]


def pytest_sessionfinish() -> None:
    """What is still there, and all of it to a file."""
    for chain in list(CHAINS):
        _gather(chain._evm)  # noqa: SLF001
    where = Path(os.environ["BRANCHES_SEEN"])
    (where / f"{os.getpid()}.json").write_text(json.dumps(sorted(SEEN)))
