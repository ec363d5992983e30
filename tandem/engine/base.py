"""One small interface to a chain, and the values that cross it. What its backends share is `backend`.

Time is explicit and the same on every backend. A `send` is its own block, one second after the
last block or at the timestamp given; a `send_many` is one block; `advance` and `set_time` mine an
empty block; `call` sees the state and the time of the latest block. Equal sequences of
instructions give equal blocks, addresses and end states on every backend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tandem.engine.abi import Abi, Function, checksum
from tandem.engine.artifacts import Artifact
from tandem.errors import Reverted

GENESIS = 1_700_000_000
CHAIN_ID = 31_337
LOCAL_CHAINS = frozenset({1_337, CHAIN_ID})
"""Numbers that development nodes give their chains, and no public chain has."""
GAS_LIMIT = 20_000_000
GAS_CAP = 2**24
"""No transaction of Ethereum's has a higher limit (EIP-7825), nor one of the chains that follow it."""
NOBODY = "0x" + "00" * 20


def with_slack(estimate: int, hundredths: int) -> int:
    """A limit of gas so much above a node's estimate, and past what a chain may take only where the node
    says that it takes it."""
    limit = estimate * hundredths // 100
    return limit if estimate > GAS_CAP else min(limit, GAS_CAP)


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
    """A transaction to be executed: `to` is None for a deployment, `nonce` for the sender's next."""

    sender: str
    to: str | None
    data: bytes
    gas: int
    value: int = 0
    nonce: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a backend reports of one transaction."""

    ok: bool
    output: bytes
    gas_used: int
    logs: Sequence[RawLog] = ()
    created: str | None = None


@dataclass(slots=True)
class Receipt:
    """A successful transaction. `returned` is None where the function returns nothing."""

    gas_used: int
    timestamp: int
    block: int
    logs: Sequence[RawLog]
    output: bytes
    _engine: Engine
    _function: Function | None = None

    @property
    def returned(self) -> Any:
        return self._function.decode(self.output) if self._function else None

    def events(self, name: str | None = None, address: Any = None) -> list[Event]:
        """Decoded logs, optionally only those of one name or one contract."""
        wanted = getattr(address, "address", address)
        return [
            event
            for event in self._engine.decode_logs(self.logs, name)
            if wanted is None or event.address == wanted
        ]


class Contract:
    """An address with an ABI, bound to its engine."""

    __slots__ = ("abi", "address", "engine", "label")

    def __init__(self, engine: Engine, address: str, abi: Abi, label: str = "") -> None:
        self.engine = engine
        self.address = checksum(address)
        self.abi = abi
        self.label = label

    def __repr__(self) -> str:
        return f"{self.label or 'Contract'}@{self.address}"

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

    def send(self) -> Receipt:
        """By itself."""
        return self.contract.send(self.fn, *self.args, sender=self.sender, gas=self.gas)


class Engine(Protocol):
    """What recipes, replays and tests may rely on."""

    name: str
    chain_id: int
    accounts: tuple[str, ...]

    def deploy(self, artifact: Artifact, *args: Any, sender: Any = None) -> Contract: ...
    def at(self, artifact: Artifact, address: Any) -> Contract: ...
    def know(self, address: str, abi: Abi) -> None: ...
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
    def simulate(self, tx: Tx) -> Outcome: ...
    def call_many(self, calls: Sequence[Call]) -> list[Any]: ...
    def foresee(self, calls: Callable[[], Iterable[Call]]) -> None: ...
    def advance(self, seconds: int) -> None: ...
    def set_time(self, timestamp: int) -> None: ...
    def now(self) -> int: ...
    def block(self) -> int: ...
    def next_address(self, sender: Any = None, ahead: int = 0) -> str: ...
    def decode_logs(self, logs: Sequence[RawLog], name: str | None = None) -> Iterator[Event]: ...
    def balance(self, address: Any) -> int: ...
    def fund(self, address: Any, wei: int) -> None: ...
    def code(self, address: Any) -> bytes: ...
    def snapshot(self) -> int: ...
    def revert(self, snapshot: int) -> None: ...
    def close(self) -> None: ...


def address_of(value: Any) -> str:
    """The checksummed address of a contract or a string."""
    return checksum(getattr(value, "address", value))


def logs_of(receipt: Mapping[str, Any]) -> tuple[RawLog, ...]:
    """What a node's receipt says that was logged."""
    return tuple(
        RawLog(
            address_of(log["address"]),
            tuple(bytes.fromhex(topic[2:]) for topic in log["topics"]),
            bytes.fromhex(log["data"][2:]),
        )
        for log in receipt["logs"]
    )
