"""pyrevm in process: the fastest backend. Its gas figures are too low, because slots stay warm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, overload

import pyrevm

from tandem.engine.backend import BaseEngine
from tandem.engine.base import CHAIN_ID, GENESIS, Outcome, RawLog, Receipt, Tx, address_of
from tandem.errors import Reverted
from tandem.units import WAD

BLOCK_GAS = 2**62
FAILING_INIT_CODE = bytes.fromhex("5f5ffd")  # revert(0, 0)


class RevmEngine(BaseEngine):
    """A chain inside this process.

    The journal is committed after every block unless a snapshot is outstanding: a commit makes
    older checkpoints useless, and an uncommitted journal only costs memory.
    """

    name = "pyrevm"

    def __init__(self, timestamp: int = GENESIS, chain_id: int = CHAIN_ID) -> None:
        super().__init__(timestamp, chain_id)
        cfg = pyrevm.CfgEnv(chain_id=chain_id)
        env = pyrevm.Env(cfg=cfg, block=self._header(0, timestamp))
        self._evm = pyrevm.EVM(env=env, spec_id="CANCUN")
        self._seen: dict[Tx, Outcome] = {}
        for account in self.accounts:
            self._evm.set_balance(account, 10_000 * WAD)

    @staticmethod
    def _header(block: int, timestamp: int) -> pyrevm.BlockEnv:
        return pyrevm.BlockEnv(number=block, timestamp=timestamp, gas_limit=BLOCK_GAS)

    def _mine(self, block: int, timestamp: int) -> None:
        self._seen.clear()
        self._evm.set_block_env(self._header(block, timestamp))

    def _execute(self, txs: Sequence[Tx], block: int, timestamp: int) -> list[Outcome]:
        self._mine(block, timestamp)
        outcomes = [self._run(tx) for tx in txs]
        if not self._saved:
            self._evm.snapshot()  # commit() alone would underflow the call depth
            self._evm.commit()
        return outcomes

    def transact_unless_refused(self, tx: Tx) -> tuple[bool, Receipt | Reverted]:
        """Run once, in the block that it would be mined in, which is taken back where it is refused."""
        if self._saved or tx.to is None:
            return super().transact_unless_refused(tx)
        checkpoint = self._evm.snapshot()
        self._mine(self._block + 1, self._now + 1)
        outcome = self._run(tx)
        if not outcome.ok:
            self._evm.revert(checkpoint)
            self._mine(self._block, self._now)
            return False, self._refusal(outcome)
        self._evm.commit()  # uses up the checkpoint
        self._next(None)
        self._nonces[tx.sender] = self._nonces.get(tx.sender, 0) + 1
        return True, Receipt(
            outcome.gas_used, self._now, self._block, outcome.logs, outcome.output, self
        )

    def _run(self, tx: Tx) -> Outcome:
        evm = self._evm
        created = None
        try:
            if tx.to is None:
                self._raise_nonce(tx.sender)
                created = address_of(evm.deploy(tx.sender, tx.data, tx.value, tx.gas))
                output = b""
            else:
                output = evm.message_call(tx.sender, tx.to, tx.data, tx.value, tx.gas)
        except RuntimeError as error:
            return self._failed(error)
        finally:
            evm.reset_transient_storage()
        result = evm.result
        assert result is not None
        return Outcome(True, bytes(output), result.gas_used, Logs(result), created)

    def _raise_nonce(self, sender: str) -> None:
        """Count the calls since the last deployment, which pyrevm does not count, as a chain does.

        A deployment that fails raises the nonce and leaves nothing else behind.
        """
        for _ in range(self._nonces.get(sender, 0) - self._evm.basic(sender).nonce):
            with suppress(RuntimeError):
                self._evm.deploy(sender, FAILING_INIT_CODE, 0, 100_000)

    def _failed(self, error: RuntimeError) -> Outcome:
        result = self._evm.result
        return Outcome(False, _revert_data(str(error)), result.gas_used if result else 0)

    def _static(self, tx: Tx, view: bool) -> Outcome:
        """A view is run once for each state: whoever asks again gets the same answer."""
        if not view:
            return self._try(tx)
        found = self._seen.get(tx)
        if found is None:
            found = self._seen[tx] = self._try(tx)
        return found

    def _try(self, tx: Tx) -> Outcome:
        """What a transaction would do, taken back."""
        evm = self._evm
        checkpoint = evm.snapshot()
        try:
            output = evm.message_call(tx.sender, tx.to or "", tx.data, tx.value, tx.gas)
            return Outcome(True, bytes(output), 0)
        except RuntimeError as error:
            return self._failed(error)
        finally:
            evm.revert(checkpoint)
            evm.reset_transient_storage()

    def _take_snapshot(self) -> Any:
        return self._evm.snapshot()

    def _restore(self, token: Any) -> None:
        self._evm.revert(token)
        self._mine(self._block, self._now)

    def balance(self, address: Any) -> int:
        return self._evm.get_balance(address_of(address))

    def fund(self, address: Any, wei: int) -> None:
        self._seen.clear()
        self._evm.set_balance(address_of(address), wei)

    def code(self, address: Any) -> bytes:
        return bytes(self._evm.get_code(address_of(address)) or b"")


class Logs(Sequence[RawLog]):
    """The logs of a transaction, translated when they are asked for: those of most strangers in a
    replay never are."""

    __slots__ = ("_read", "_result")

    def __init__(self, result: pyrevm.ExecutionResult) -> None:
        self._result = result
        self._read: tuple[RawLog, ...] | None = None

    def _all(self) -> tuple[RawLog, ...]:
        if self._read is None:
            self._read = tuple(
                RawLog(address_of(log.address), tuple(map(_topic, log.topics)), _word(log.data[1]))
                for log in self._result.logs
            )
        return self._read

    @overload
    def __getitem__(self, index: int) -> RawLog: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[RawLog, ...]: ...
    def __getitem__(self, index: int | slice) -> RawLog | tuple[RawLog, ...]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[RawLog]:
        return iter(self._all())


@lru_cache(maxsize=4_096)
def _topic(text: str) -> bytes:
    """A topic: events, accounts and series, so that few of them make up most."""
    return _word(text)


def _word(value: Any) -> bytes:
    return bytes.fromhex(value.removeprefix("0x")) if isinstance(value, str) else bytes(value)


def _revert_data(text: str) -> bytes:
    """pyrevm puts the output into the message only: Revert { gas_used: .., output: 0x.. }."""
    _, found, rest = text.partition("output: 0x")
    if not found:
        return b""
    digits = rest.split(" ", 1)[0].rstrip("},")
    return bytes.fromhex(digits)
