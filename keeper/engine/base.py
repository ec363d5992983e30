"""One small interface to a chain, and everything that its backends share.

Time is explicit and the same on every backend. A `send` is its own block, one second after the
last block or at the timestamp given; a `send_many` is one block; `advance` and `set_time` mine an
empty block; `call` sees the state and the time of the latest block. Equal sequences of
instructions give equal blocks, addresses and end states on every backend.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

from eth_utils.crypto import keccak

from keeper.engine.abi import Abi, Function, checksum, decode_reason
from keeper.engine.artifacts import Artifact
from keeper.errors import EngineError, Reverted

GENESIS = 1_700_000_000
CHAIN_ID = 31_337
GAS_LIMIT = 20_000_000

# The ten addresses of anvil's public mnemonic ("test test ... junk"): everybody knows the keys.
ACCOUNTS = (
    "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
    "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
    "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
    "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
    "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
    "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
    "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
)


@dataclass(frozen=True, slots=True)
class RawLog:
    """A log as the chain stores it."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """A decoded log."""

    name: str
    address: str
    args: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.args[name]


@dataclass(frozen=True, slots=True)
class Tx:
    """A transaction to be executed: `to` is None for a deployment."""

    sender: str
    to: str | None
    data: bytes
    gas: int
    value: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a backend reports of one transaction."""

    ok: bool
    output: bytes
    gas_used: int
    logs: tuple[RawLog, ...] = ()
    created: str | None = None


@dataclass(slots=True)
class Receipt:
    """A successful transaction. `returned` is None where the function returns nothing."""

    gas_used: int
    timestamp: int
    block: int
    logs: tuple[RawLog, ...]
    output: bytes
    _engine: BaseEngine
    _function: Function | None = None

    @property
    def returned(self) -> Any:
        return self._function.decode(self.output) if self._function else None

    def events(self, name: str | None = None, address: Any = None) -> list[Event]:
        """Decoded logs, optionally only those of one name or one contract."""
        wanted = getattr(address, "address", address)
        return [
            event
            for event in self._engine.decode_logs(self.logs)
            if (name is None or event.name == name) and (wanted is None or event.address == wanted)
        ]


class Contract:
    """An address with an ABI, bound to its engine."""

    __slots__ = ("abi", "address", "engine", "name")

    def __init__(self, engine: BaseEngine, address: str, abi: Abi, name: str = "") -> None:
        self.engine = engine
        self.address = checksum(address)
        self.abi = abi
        self.name = name

    def __repr__(self) -> str:
        return f"{self.name or 'Contract'}@{self.address}"

    def call(self, fn: str, *args: Any, sender: Any = None) -> Any:
        return self.engine.call(self, fn, *args, sender=sender)

    def send(self, fn: str, *args: Any, sender: Any, gas: int = GAS_LIMIT) -> Receipt:
        return self.engine.send(self, fn, *args, sender=sender, gas=gas)


@dataclass(frozen=True, slots=True)
class Call:
    """One member of a batch."""

    contract: Contract
    fn: str
    args: tuple[Any, ...]
    sender: Any
    gas: int = GAS_LIMIT


class Engine(Protocol):
    """What recipes, replays and tests may rely on."""

    name: str
    accounts: tuple[str, ...]

    def deploy(self, artifact: Artifact, *args: Any, sender: Any = None) -> Contract: ...
    def at(self, artifact: Artifact, address: Any) -> Contract: ...
    def send(
        self,
        contract: Contract,
        fn: str,
        *args: Any,
        sender: Any,
        gas: int = GAS_LIMIT,
        timestamp: int | None = None,
    ) -> Receipt: ...
    def send_many(
        self, calls: Sequence[Call], timestamp: int | None = None
    ) -> list[Receipt | Reverted]: ...
    def call(self, contract: Contract, fn: str, *args: Any, sender: Any = None) -> Any: ...
    def call_many(self, calls: Sequence[Call]) -> list[Any]: ...
    def advance(self, seconds: int) -> None: ...
    def set_time(self, timestamp: int) -> None: ...
    def now(self) -> int: ...
    def block(self) -> int: ...
    def next_address(self, sender: Any = None, ahead: int = 0) -> str: ...
    def balance(self, address: Any) -> int: ...
    def fund(self, address: Any, wei: int) -> None: ...
    def code(self, address: Any) -> bytes: ...
    def snapshot(self) -> int: ...
    def revert(self, snapshot: int) -> None: ...
    def close(self) -> None: ...


def create_address(sender: str, nonce: int) -> str:
    """The address that `sender`'s CREATE with this nonce has: keccak(rlp([sender, nonce]))."""
    raw = b"" if nonce == 0 else nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    encoded = raw if len(raw) == 1 and raw[0] < 0x80 else bytes([0x80 + len(raw)]) + raw
    body = b"\x94" + bytes.fromhex(sender[2:]) + encoded
    return checksum("0x" + keccak(bytes([0xC0 + len(body)]) + body)[12:].hex())


def address_of(value: Any) -> str:
    """The checksummed address of a contract or a string."""
    return checksum(getattr(value, "address", value))


class BaseEngine(ABC):
    """Shared: encoding, receipts, time, errors. A backend supplies execution and state."""

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

    # ---- time
    def now(self) -> int:
        return self._now

    def block(self) -> int:
        return self._block

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
        self._block, self._now = self._block + 1, when
        return self._block, when

    # ---- deployments
    def next_address(self, sender: Any = None, ahead: int = 0) -> str:
        """Where the deployment goes that follows `ahead` other transactions of `sender`."""
        who = address_of(sender or self.accounts[0])
        return create_address(who, self._nonces.get(who, 0) + ahead)

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
        data = artifact.bytecode + Function("", abi.constructor, (), False, b"").encode(args)
        outcome = self._block_of([Tx(who, None, data, gas)], None)[0]
        if not outcome.ok or outcome.created is None:
            raise self._refusal(outcome)
        return self.at(artifact, outcome.created)

    def at(self, artifact: Artifact, address: Any) -> Contract:
        """A contract that is already there."""
        where = address_of(address)
        self._abis[where] = artifact.abi
        return Contract(self, where, artifact.abi, artifact.name)

    # ---- calls and transactions
    def call(self, contract: Contract, fn: str, *args: Any, sender: Any = None) -> Any:
        function = contract.abi.function(fn, len(args))
        who = address_of(sender or self.accounts[0])
        tx = Tx(who, contract.address, function.encode(args), GAS_LIMIT)
        outcome = self._static(tx, function.view)
        if not outcome.ok:
            raise self._refusal(outcome)
        return function.decode(outcome.output)

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

    def _block_of(self, txs: Sequence[Tx], timestamp: int | None) -> list[Outcome]:
        """Execute one block. A failed transaction uses up its nonce too."""
        outcomes = self._execute(txs, *self._next(timestamp))
        for tx in txs:
            self._nonces[tx.sender] = self._nonces.get(tx.sender, 0) + 1
        return outcomes

    @staticmethod
    def _refusal(outcome: Outcome) -> Reverted:
        return Reverted(decode_reason(outcome.output), outcome.output)

    def decode_logs(self, logs: Sequence[RawLog]) -> Iterator[Event]:
        """Logs of contracts that this engine knows; others are passed over."""
        for log in logs:
            abi = self._abis.get(log.address)
            event = abi.events.get(log.topics[0]) if abi and log.topics else None
            if event is not None:
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
        self._restore(token)
        self._saved = {k: v for k, v in self._saved.items() if k < snapshot}
