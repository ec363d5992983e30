"""A chain in this process for one contract's own tests: its functions are called by name, and what they
hand out has names. Every transaction stands in the latest block: time passes where a test says so."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import cache, partial
from importlib import import_module
from itertools import count
from typing import Any

import pyrevm
import pytest
from eth_utils.crypto import keccak

from tandem.engine.abi import Abi, Function, Struct, checksum
from tandem.engine.artifacts import Artifact, compile_vyper
from tandem.engine.base import (
    CHAIN_ID,
    GAS_LIMIT,
    GENESIS,
    Contract,
    Outcome,
    Receipt,
    Tx,
    address_of,
)
from tandem.engine.bound import Bound
from tandem.engine.revert_data import reverted
from tandem.engine.revm import RevmEngine
from tandem.errors import Reverted

# Whose answers are structs, and where the generated binding of it is.
BINDINGS = {
    "Bounty": "bounty",
    "Breaker": "breaker",
    "Guardian": "guardian",
    "Vault": "vault",
    "VolSurface": "vol_surface",
}


@contextmanager
def reverts(reason: str | None = None) -> Iterator[None]:
    """The block is refused, for exactly this reason where one is given."""
    with pytest.raises(Reverted) as caught:
        yield
    assert reason is None or caught.value.reason == reason


@cache
def source(text: str) -> Artifact:
    """A contract from its text."""
    from vyper import compile_code

    output = compile_code(text, output_formats=["abi", "bytecode"])
    return Artifact("", Abi(output["abi"]), bytes.fromhex(output["bytecode"].removeprefix("0x")))


class Env:
    """One chain, its clock, and who calls where nobody is named."""

    def __init__(self, timestamp: int = GENESIS, chain_id: int = CHAIN_ID) -> None:
        self.engine = _Still(timestamp, chain_id)
        self.caller = self.engine.accounts[0]
        self._strangers = count(1)

    @property
    def timestamp(self) -> int:
        return self.engine.now()

    def time_travel(self, seconds: int) -> None:
        self.engine.advance(seconds)

    def go_to(self, timestamp: int) -> None:
        self.engine.set_time(timestamp)

    def set_code(self, address: str, code: bytes) -> None:
        self.engine.set_code(address, code)

    def generate_address(self, name: str | None = None) -> str:
        """Somebody's: by a name always the same, without one always another's."""
        seed = name or f"stranger {next(self._strangers)}"
        return checksum("0x" + keccak(text=seed)[12:].hex())

    @contextmanager
    def anchor(self) -> Iterator[None]:
        """Whatever happens inside is taken back, time included."""
        mark = self.engine.snapshot()
        try:
            yield
        finally:
            self.engine.revert(mark)

    def load(self, what: str | Artifact, *args: Any) -> Named:
        """Deploy one of ours, by its name, or another."""
        artifact = compile_vyper(what) if isinstance(what, str) else what
        contract = self.engine.deploy(artifact, *args, sender=self.caller)
        return Named(self, _bound(contract))

    def loads(self, text: str) -> Named:
        """Deploy what a test spells out."""
        return self.load(source(text))

    def send(self, contract: Contract, function: Function, args: Any, sender: Any) -> Receipt:
        """In the latest block. A contract that sends does so by its `act`: here only accounts call."""
        who, data = address_of(sender or self.caller), function.encode(args)
        tx = Tx(who, contract.address, data, GAS_LIMIT)
        is_contract = bool(self.engine.code(who))
        if is_contract:
            tx = Tx(self.caller, who, ACT.encode([contract.address, data]), GAS_LIMIT)
        receipt = self.engine.transact(tx)
        if isinstance(receipt, Reverted):
            raise receipt
        if is_contract:
            receipt.output = ACT.decode(receipt.output)
        return receipt


ACT = Abi.spelled("function act(address target,bytes data) returns (bytes)").function("act", 2)


class Named:
    """A contract: each function of its ABI is a method, that says who sends by `sender`, and of a view how
    much gas there is by `gas`."""

    def __init__(self, env: Env, contract: Contract) -> None:
        self._env, self._contract = env, contract
        self._last: Receipt | None = None

    def __repr__(self) -> str:
        return repr(self._contract)

    @property
    def address(self) -> str:
        return self._contract.address

    def __getattr__(self, name: str) -> Any:
        if name not in self._contract.abi.functions:
            raise AttributeError(name)
        return partial(self._ask, name)

    def _ask(self, name: str, *args: Any, sender: Any = None, gas: int = 0) -> Any:
        function = self._contract.abi.function(name, len(args))
        if not function.view:
            self._last = self._env.send(self._contract, function, args, sender)
            return _spread(function, function.decode(self._last.output))
        if gas:
            outcome = self._simulated(name, args, gas)
            if not outcome.ok:
                raise reverted(outcome.output)
            return _spread(function, function.decode(outcome.output))
        if isinstance(self._contract, Bound) and sender is None:
            return _spread(function, getattr(self._contract, name)(*args))
        return _spread(function, self._contract.call(name, *args, sender=sender))

    def answers(self, name: str, *args: Any, gas: int = GAS_LIMIT) -> bool:
        """Whether a call with so much gas is not refused."""
        return self._simulated(name, args, gas).ok

    def _simulated(self, name: str, args: Any, gas: int) -> Outcome:
        data = self._contract.abi.function(name, len(args)).encode(args)
        return self._env.engine.simulate(Tx(self._env.caller, self.address, data, gas))

    def get_logs(self) -> list[Any]:
        """What the last transaction here said, the contracts that it called too."""
        events = [] if self._last is None else self._last.events()
        return [_record(e.name, ("address", *e.args))(e.address, *e.args.values()) for e in events]


class _Still(RevmEngine):
    """Only time that passes makes a block."""

    def _next(self, timestamp: int | None) -> tuple[int, int]:
        return (self._block, self._now) if timestamp is None else super()._next(timestamp)

    def set_code(self, address: str, code: bytes) -> None:
        self._evm.insert_account_info(address, pyrevm.AccountInfo(code=code))


def _bound(contract: Contract) -> Contract:
    if contract.label not in BINDINGS:
        return contract
    module = import_module(f"tandem.protocol.bindings.{BINDINGS[contract.label]}")
    return getattr(module, contract.label).of(contract)


def _spread(function: Function, value: Any) -> Any:
    """An answer as a test reads it: structs are named tuples, an array is a list."""
    if len(function.outputs) == 1 and function.outputs[0].endswith("]"):
        return [_named(each) for each in value]
    return _named(value)


def _named(value: Any) -> Any:
    if not isinstance(value, Struct):
        return value
    names = tuple(field.name for field in fields(value))  # pyright: ignore
    return _record(type(value).__name__, names)(*[getattr(value, name) for name in names])


@cache
def _record(name: str, names: tuple[str, ...]) -> Any:
    return namedtuple(name, names)
