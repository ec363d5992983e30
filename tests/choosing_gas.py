"""One transaction with every limit of gas: by it whoever calls chooses which of the calls inside it fail.

A world's state is copied into an EVM that has touched nothing yet, as a chain has it at the beginning of a
transaction: what a call takes is then what it takes there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pyrevm
from worlds import World

from tandem.engine.base import GAS_CAP, Contract, RawLog, Tx
from tandem.engine.revert_data import decode_reason
from tandem.engine.revm import Logs, RevmEngine
from tandem.errors import Reverted

AMPLE = GAS_CAP
LEAST = 21_000
FINE = 1.002 if os.environ.get("TANDEM_NIGHTLY") == "1" else 1.05
COARSE = 1.05
"""From one limit to the next: until it goes through, and after."""
ACCOUNT = re.compile(r"(0x[0-9a-f]{40}): Account \{.*?storage: \{(.*?)\}, status: ", re.S)
SLOT = re.compile(
    r"(\d+): StorageSlot \{ previous_or_original_value: (\d+), present_value: (\d+) \}"
)
REVERT_DATA = re.compile("output: 0x([0-9a-f]*)")
Place = tuple[str, int]
"""An account and a slot of it."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a transaction. written: the words of those places that it wrote with ample gas, and with
    the least, as they are afterwards."""

    ok: bool
    output: bytes
    used: int = 0
    logs: tuple[RawLog, ...] = ()
    written: dict[Place, int] = field(default_factory=dict[Place, int])

    @property
    def reason(self) -> str:
        return "" if self.ok else decode_reason(self.output)

    def differs(self, other: Ran) -> list[str]:
        """In what this is another end of the same transaction."""
        found = [f"answers {self.output.hex()}"] if self.output != other.output else []
        if self.logs != other.logs:
            found.append(f"{len(self.logs)} logs, or others than those {len(other.logs)}")
        places = sorted({place for place, _ in self.written.items() ^ other.written.items()})
        return found + [f"{account} has another word at {slot}" for account, slot in places]


class _Caught(Exception):
    """The transaction that was waited for is about to be executed."""


@dataclass(slots=True)
class Untouched:
    """A transaction, and a chain on which nothing was touched before it."""

    tx: Tx
    evm: pyrevm.EVM
    ample: Ran = field(init=False)
    tried: dict[int, Ran] = field(default_factory=dict[int, Ran])

    def __post_init__(self) -> None:
        self.ample = self._run(AMPLE, None)

    def run(self, gas: int) -> Ran:
        """With this limit; taken back, and all is untouched again."""
        if gas not in self.tried:
            self.tried[gas] = self._run(gas, self.ample.written)
        return self.tried[gas]

    def whole(self, gas: int) -> Ran:
        """The same, with every word that it wrote."""
        self.tried[gas] = self._run(gas, None)
        return self.tried[gas]

    def _run(self, gas: int, asked: dict[Place, int] | None) -> Ran:
        evm, tx = self.evm, self.tx
        checkpoint = evm.snapshot()
        try:
            output = evm.message_call(tx.sender, tx.to or "", tx.data, tx.value, gas)
        except RuntimeError as error:
            said = REVERT_DATA.search(str(error))
            return Ran(False, bytes.fromhex(said[1]) if said else b"")
        else:
            result = evm.result
            assert result is not None
            if asked is None:
                words = {place: now for place, (was, now) in words_of(evm).items() if now != was}
            else:
                words = {place: int(evm.storage(*place)) for place in asked}
            return Ran(True, bytes(output), result.gas_used, tuple(Logs(result)), words)
        finally:
            evm.revert(checkpoint)
            evm.reset_transient_storage()


def words_of(evm: pyrevm.EVM) -> dict[Place, tuple[int, int]]:
    """What was read or written since the EVM was made: as it was, and as it is."""
    return {
        (account, int(slot)): (int(was), int(now))
        for account, storage in ACCOUNT.findall(evm.journal_str)
        for slot, was, now in SLOT.findall(storage)
    }


def copied(engine: Any, block: int, timestamp: int) -> pyrevm.EVM:
    """An EVM in the same state, at that block, which has touched nothing."""
    old = engine._evm
    cfg = pyrevm.CfgEnv(chain_id=engine.chain_id)
    env = pyrevm.Env(cfg=cfg, block=engine._header(block, timestamp))
    new = pyrevm.EVM(env=env, spec_id="CANCUN")
    for account, info in old.journal_state.items():
        new.insert_account_info(account, info)
    for (account, slot), (_, now) in words_of(old).items():
        if now:
            new.insert_account_storage(account, slot, now)
    return new


def _in_process(w: World) -> Any:
    """A world's engine, whose EVM can be looked into."""
    assert isinstance(w.engine, RevmEngine)
    return w.engine


@contextmanager
def _before_each(engine: Any, see: Callable[[Tx, int, int], None]) -> Generator[None]:
    execute = engine._execute

    def watched(txs: Any, block: int, timestamp: int) -> Any:
        for tx in txs:
            see(tx, block, timestamp)
        return execute(txs, block, timestamp)

    engine._execute = watched
    try:
        yield
    finally:
        del engine._execute


def last_of(w: World, act: Callable[[World], object]) -> Untouched:
    """The last transaction of what somebody does, refused or not, on a chain as it is just before it."""
    engine, sent, found = _in_process(w), list[Tx](), list[Untouched]()
    with w.undone(), _before_each(engine, lambda tx, *_: sent.append(tx)), suppress(Reverted):
        act(w)
    left = iter(range(len(sent) - 1, -1, -1))

    def stop(tx: Tx, block: int, timestamp: int) -> None:
        if next(left) == 0:
            found.append(Untouched(tx, copied(engine, block, timestamp)))
            raise _Caught

    with w.undone(), _before_each(engine, stop), suppress(_Caught):
        act(w)
    (one,) = found
    return one


def view_of(w: World, contract: Contract, fn: str, *args: Any) -> Untouched:
    """A question, as a contract asks it that begins with it."""
    data = contract.abi.function(fn, len(args)).encode(args)
    engine = _in_process(w)
    tx = Tx(w.stranger, contract.address, data, AMPLE)
    return Untouched(tx, copied(engine, engine.block(), engine.now()))


def _kind(t: Untouched, gas: int) -> str:
    ran = t.run(gas)
    return "; ".join(ran.differs(t.ample)) if ran.ok else ran.reason


def _limits(t: Untouched) -> Iterator[int]:
    """From what any transaction takes up to the most that a chain takes, and beside each at which something
    else comes of it, to the unit of gas."""
    row = [LEAST]
    while row[-1] < AMPLE:
        step = COARSE if t.run(row[-1]).ok else FINE
        row.append(min(int(row[-1] * step), AMPLE))
    yield from row
    for low, high in pairwise(row):
        while high - low > 1 and _kind(t, low) != _kind(t, high):
            middle = (low + high) // 2
            yield middle
            low, high = (middle, high) if _kind(t, middle) == _kind(t, low) else (low, middle)


def wrong(t: Untouched) -> list[str]:
    """Where whoever sends it has anything by his limit but all that ample gas brings, or nothing; and where
    more gas is too little again. What is refused with ample gas is refused with any."""
    limits = sorted({*_limits(t)})
    enough = next((gas for gas in limits if t.run(gas).ok), AMPLE)
    if t.ample.ok:
        t.whole(enough)
    found = list[str]()
    for gas in limits:
        ran = t.run(gas)
        if ran.ok and (differs := ran.differs(t.ample)):
            found.append(f"{gas}: {'; '.join(differs)}")
        elif not ran.ok and gas > enough:
            found.append(f"{gas}: {ran.reason}, where {enough} was enough")
    return found
