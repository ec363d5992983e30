"""What every backend shares: encoding, receipts, time, errors. A backend supplies execution and state."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from eth_utils.crypto import keccak

from tandem.engine.abi import Abi, checksum
from tandem.engine.artifacts import Artifact
from tandem.engine.base import (
    ACCOUNTS,
    CHAIN_ID,
    GAS_LIMIT,
    GENESIS,
    Call,
    Contract,
    Event,
    Outcome,
    RawLog,
    Receipt,
    Tx,
    address_of,
)
from tandem.engine.revert_data import decode_reason
from tandem.errors import EngineError, Reverted


def create_address(sender: str, nonce: int) -> str:
    """The address that `sender`'s CREATE with this nonce has: keccak(rlp([sender, nonce]))."""
    raw = b"" if nonce == 0 else nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    encoded = raw if len(raw) == 1 and raw[0] < 0x80 else bytes([0x80 + len(raw)]) + raw
    body = b"\x94" + bytes.fromhex(sender[2:]) + encoded
    return checksum("0x" + keccak(bytes([0xC0 + len(body)]) + body)[12:].hex())


class BaseEngine(ABC):
    """An `Engine` but for what is marked abstract."""

    name = "base"
    accounts: tuple[str, ...] = ACCOUNTS

    def __init__(self, timestamp: int = GENESIS, chain_id: int = CHAIN_ID) -> None:
        self.chain_id = chain_id
        self._now = timestamp
        self._block = 0
        self._abis: dict[str, Abi] = {}
        self._nonces: dict[str, int] = {}
        self._saved: dict[int, tuple[Any, int, int, dict[str, int]]] = {}
        self._next_snapshot = 1
        self._mined = 0

    # ---- what a backend supplies
    @abstractmethod
    def _execute(self, txs: Sequence[Tx], block: int, timestamp: int) -> list[Outcome]: ...
    @abstractmethod
    def _static(self, tx: Tx, view: bool) -> Outcome: ...
    @abstractmethod
    def _mine(self, block: int, timestamp: int) -> None: ...
    @abstractmethod
    def _take_snapshot(self) -> Any: ...
    @abstractmethod
    def _restore(self, token: Any) -> None: ...
    @abstractmethod
    def balance(self, address: Any) -> int: ...
    @abstractmethod
    def fund(self, address: Any, wei: int) -> None: ...
    @abstractmethod
    def code(self, address: Any) -> bytes: ...

    def close(self) -> None:
        """Let go of whatever the backend holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def counts_data(self) -> bool:
        """Whether an estimate of gas holds what a rollup takes for data."""
        return False

    # ---- time
    def now(self) -> int:
        return self._now

    def block(self) -> int:
        return self._block

    @property
    def time(self) -> int:
        """The latest block's that this engine knows of, asking nobody."""
        return self._now

    @property
    def head(self) -> Hashable:
        """What tells the latest block that this engine knows of from every other."""
        return self._mined, self._block, self._now

    @contextmanager
    def pinned(self, block: int) -> Generator[None]:
        """Calls inside see the state at the end of `block`, the latest. Here nobody else mines."""
        if block != self._block:
            raise EngineError(
                f"block {block} is not the latest, {self._block}", "read before the next one"
            )
        yield

    @contextmanager
    def looking(self, calls: Iterable[Call]) -> Generator[int]:
        """Pinned to the latest block, whose number it gives. calls: of what will be asked of it first."""
        block = self.block()
        with self.pinned(block):
            yield block

    def foresee(self, calls: Callable[[], Iterable[Call]]) -> None:
        """These are likely to be asked of the block that is looked at: who is far away asks them at once."""

    def confirm(self) -> None:
        """Raises EngineError where the block that is looked at is another by now: what was read is of two."""

    def advance(self, seconds: int) -> None:
        """Mine an empty block `seconds` after the last one; 0 does nothing."""
        self.set_time(self._now + seconds)

    def set_time(self, timestamp: int) -> None:
        """Mine an empty block at `timestamp`; the present does nothing, the past is an error."""
        if timestamp == self._now:
            return
        self._mine(*self._next(timestamp))

    def _next(self, timestamp: int | None) -> tuple[int, int]:
        """Number and time of the next block; becomes the latest block."""
        when = self._now + 1 if timestamp is None else timestamp
        if when <= self._now:
            raise EngineError(
                f"a block at {when} would not follow the last one at {self._now}",
                "give a later timestamp",
            )
        self._block, self._now, self._mined = self._block + 1, when, self._mined + 1
        return self._block, when

    # ---- deployments
    def nonce(self, account: Any) -> int:
        """How many transactions of an account are in blocks: the number of its next."""
        return self._nonces.get(address_of(account), 0)

    def waiting(self, account: Any) -> int:
        """How many of an account's transactions were sent and are in no block yet."""
        return 0

    def next_address(self, sender: Any = None, ahead: int = 0) -> str:
        """Where the deployment goes that follows `ahead` other transactions of `sender`."""
        who = address_of(sender or self.accounts[0])
        return create_address(who, self.nonce(who) + ahead)

    def deploy(
        self, artifact: Artifact, *args: Any, sender: Any = None, gas: int = GAS_LIMIT
    ) -> Contract:
        who = address_of(sender or self.accounts[0])
        abi = artifact.abi
        if len(args) != len(abi.constructor):
            raise EngineError(
                f"{artifact.name} is constructed from {len(abi.constructor)} arguments, "
                f"{len(args)} were given",
                f"they are ({', '.join(abi.constructor)})",
            )
        return self.at(artifact, self.create(artifact.init(args), who, gas))

    def create(
        self, init: bytes, sender: Any = None, gas: int = GAS_LIMIT, nonce: int | None = None
    ) -> str:
        """Send what creates a contract; its address. nonce: the sender's next, which a chain of others
        refuses to take twice. Raises Reverted."""
        who = address_of(sender or self.accounts[0])
        outcome = self._block_of([Tx(who, None, init, gas, nonce=nonce)], None)[0]
        if not outcome.ok or outcome.created is None:
            raise self._refusal(outcome)
        return outcome.created

    def at(self, artifact: Artifact, address: Any) -> Contract:
        """A contract that is already there."""
        where = address_of(address)
        self.know(where, artifact.abi)
        return Contract(self, where, artifact.abi, artifact.name)

    def know(self, address: str, abi: Abi) -> None:
        """Logs of `address` are this ABI's."""
        self._abis[address] = abi

    # ---- calls and transactions
    def call(self, contract: Contract, fn: str, *args: Any, sender: Any = None) -> Any:
        function = contract.abi.function(fn, len(args))
        who = address_of(sender or self.accounts[0])
        tx = Tx(who, contract.address, function.encode(args), GAS_LIMIT)
        outcome = self._static(tx, function.view)
        if not outcome.ok:
            raise self._refusal(outcome)
        return function.decode(outcome.output)

    def simulate(self, tx: Tx) -> Outcome:
        """What a transaction would do now; sends nothing. For a deployment the output is the code
        that it would leave."""
        return self._static(tx, view=False)

    def call_many(self, calls: Sequence[Call]) -> list[Any]:
        """Several views of the latest block, in one round trip where the backend can."""
        return [self.call(c.contract, c.fn, *c.args, sender=c.sender) for c in calls]

    def send(
        self,
        contract: Contract,
        fn: str,
        *args: Any,
        sender: Any,
        gas: int = GAS_LIMIT,
        timestamp: int | None = None,
    ) -> Receipt:
        result = self.send_many([Call(contract, fn, args, sender, gas)], timestamp)[0]
        if isinstance(result, Reverted):
            raise result
        return result

    def send_many(
        self, calls: Sequence[Call], timestamp: int | None = None
    ) -> list[Receipt | Reverted]:
        """All calls in one block, in order; a failed one is returned, not raised."""
        functions = [c.contract.abi.function(c.fn, len(c.args)) for c in calls]
        txs = [
            Tx(address_of(c.sender), c.contract.address, f.encode(c.args), c.gas)
            for c, f in zip(calls, functions, strict=True)
        ]
        outcomes = self._block_of(txs, timestamp)
        return [
            Receipt(o.gas_used, self._now, self._block, o.logs, o.output, self, f)
            if o.ok
            else self._refusal(o)
            for o, f in zip(outcomes, functions, strict=True)
        ]

    def transact(self, tx: Tx) -> Receipt | Reverted:
        """An encoded transaction in a block of its own; a failed one is returned, not raised."""
        (outcome,) = self._block_of([tx], None)
        if not outcome.ok:
            return self._refusal(outcome)
        return Receipt(outcome.gas_used, self._now, self._block, outcome.logs, outcome.output, self)

    def transact_unless_refused(self, tx: Tx) -> tuple[bool, Receipt | Reverted]:
        """Simulate, then `transact` what is not refused: (whether it was sent, what came of it)."""
        tried = self.simulate(tx)
        if not tried.ok:
            return False, self._refusal(tried)
        return True, self.transact(tx)

    def _block_of(self, txs: Sequence[Tx], timestamp: int | None) -> list[Outcome]:
        """Execute one block. A failed transaction uses up its nonce too."""
        outcomes = self._execute(txs, *self._next(timestamp))
        for tx in txs:
            self._nonces[tx.sender] = self._nonces.get(tx.sender, 0) + 1
        return outcomes

    @staticmethod
    def _refusal(outcome: Outcome) -> Reverted:
        return Reverted(decode_reason(outcome.output), outcome.output)

    def decode_logs(self, logs: Sequence[RawLog], name: str | None = None) -> Iterator[Event]:
        """Logs of contracts that this engine knows, optionally of one name; others are passed over."""
        for log in logs:
            abi = self._abis.get(log.address)
            event = abi.events.get(log.topics[0]) if abi and log.topics else None
            if event is not None and name in (None, event.name):
                yield Event(event.name, log.address, event.decode(log.topics, log.data))

    # ---- snapshots
    def snapshot(self) -> int:
        """Remember the state and the time."""
        handle = self._next_snapshot
        self._next_snapshot += 1
        self._saved[handle] = (self._take_snapshot(), self._now, self._block, dict(self._nonces))
        return handle

    def revert(self, snapshot: int) -> None:
        """Back to `snapshot`, which is used up, together with all later ones."""
        if snapshot not in self._saved:
            raise EngineError(f"there is no snapshot {snapshot}", "each can be used once")
        token, self._now, self._block, self._nonces = self._saved[snapshot]
        self._mined += 1
        self._restore(token)
        self._saved = {k: v for k, v in self._saved.items() if k < snapshot}
