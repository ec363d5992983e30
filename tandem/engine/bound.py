"""What generated bindings are made of: contracts with a typed method per function, transactions
that nobody has sent yet, and logs with names.

The layer below is `Contract`, raw and by name; a binding is one, so whatever takes a contract takes
a binding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, TypeVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.base import (
    GAS_LIMIT,
    Call,
    Contract,
    Engine,
    RawLog,
    Receipt,
    Tx,
    address_of,
)
from tandem.engine.revert_data import decode_reason
from tandem.errors import EngineError, Reverted

R = TypeVar("R")
L = TypeVar("L", bound="Log")

Address = str | Contract
"""What stands for an address in an argument."""


def as_it_is(value: Any) -> Any:
    """What needs no decoding."""
    return value


def given(*values: Any) -> tuple[Any, ...]:
    """Arguments without the defaults that were left out at the end."""
    while values and values[-1] is None:
        values = values[:-1]
    return values


@dataclass(frozen=True, slots=True)
class Prepared(Generic[R]):
    """A call of a function that changes state, with its arguments; sent, tried or relayed later."""

    contract: Contract
    fn: str
    args: tuple[Any, ...]
    read: Callable[[Any], R] = as_it_is

    @property
    def data(self) -> bytes:
        """The calldata."""
        return self._function.encode(self.args)

    @property
    def _function(self) -> Any:
        return self.contract.abi.function(self.fn, len(self.args))

    def by(self, sender: Address, gas: int = GAS_LIMIT) -> Call:
        """As a member of a batch (`Engine.send_many`)."""
        return Call(self.contract, self.fn, self.args, sender, gas)

    def tx(self, sender: Address, gas: int = GAS_LIMIT) -> Tx:
        """As a transaction for whoever signs it."""
        return Tx(address_of(sender), self.contract.address, self.data, gas)

    def send(
        self, sender: Address, *, gas: int = GAS_LIMIT, timestamp: int | None = None
    ) -> Receipt:
        """Mined in a block of its own. Raises Reverted where the chain refuses."""
        return self.contract.engine.send(
            self.contract, self.fn, *self.args, sender=sender, gas=gas, timestamp=timestamp
        )

    def simulate(self, sender: Address, gas: int = GAS_LIMIT) -> R:
        """What it would return now; sends nothing. Raises Reverted where it would be refused."""
        outcome = self.contract.engine.simulate(self.tx(sender, gas))
        if not outcome.ok:
            raise Reverted(decode_reason(outcome.output), outcome.output)
        return self.read(self._function.decode(outcome.output))

    def result(self, receipt: Receipt) -> R:
        """What it returned. Raises EngineError where the engine keeps no return values: nodes don't."""
        if self._function.outputs and not receipt.output:
            raise EngineError(
                f"a node keeps no return value of {self.fn}", "read the event, or simulate first"
            )
        return self.read(receipt.returned)


class Log:
    """An event: a dataclass whose fields are the ABI's, in its order."""

    __slots__ = ()
    TYPE: ClassVar[EventType]

    @classmethod
    def decode(cls, log: RawLog) -> Self:
        """From a log of this event. Raises EngineError for another's."""
        if log.topics[:1] != (cls.TYPE.topic,):
            raise EngineError(f"a log of {log.address} is no {cls.__name__}", "compare the topics")
        return cls(**cls.TYPE.decode(log.topics, log.data))


class Bound(Contract):
    """A contract whose functions are methods; generated classes add those."""

    __slots__ = ()
    ABI: ClassVar[Abi]

    def __init__(self, engine: Engine, address: Address) -> None:
        super().__init__(engine, address_of(address), self.ABI, type(self).__name__)
        engine.know(self.address, self.ABI)

    @classmethod
    def of(cls, contract: Contract) -> Self:
        """The binding of a contract that is at hand."""
        return cls(contract.engine, contract.address)

    def logs(self, kind: type[L], receipt: Receipt) -> list[L]:
        """What this contract, and no other, said of one kind in a transaction."""
        topic = kind.TYPE.topic
        return [
            kind.decode(log)
            for log in receipt.logs
            if log.address == self.address and log.topics[:1] == (topic,)
        ]

    def _prepare(self, fn: str, *args: Any, read: Callable[[Any], R] = as_it_is) -> Prepared[R]:
        return Prepared(self, fn, args, read)
