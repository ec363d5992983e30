"""USDC, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Address, Bound, Log, Prepared

ABI = Abi.spelled(
    "constructor()",
    "event Approval(address indexed owner,address indexed spender,uint256 value)",
    "event Transfer(address indexed sender,address indexed receiver,uint256 value)",
    "function DOMAIN_SEPARATOR() view returns (bytes32)",
    "function OWNER() view returns (address)",
    "function allowance(address arg0,address arg1) view returns (uint256)",
    "function approve(address spender,uint256 amount) returns (bool)",
    "function balanceOf(address arg0) view returns (uint256)",
    "function decimals() view returns (uint8)",
    "function mint(address to,uint256 amount)",
    "function name() view returns (string)",
    "function nonces(address arg0) view returns (uint256)",
    "function permit(address owner,address spender,uint256 amount,uint256 deadline,uint8 v,bytes32 r,bytes32 s)",
    "function symbol() view returns (string)",
    "function totalSupply() view returns (uint256)",
    "function transfer(address to,uint256 amount) returns (bool)",
    "function transferFrom(address owner,address to,uint256 amount) returns (bool)",
    "function version() view returns (string)",
)


@dataclass(frozen=True, slots=True)
class Transfer(Log):
    TYPE: ClassVar[EventType] = ABI.event("Transfer")
    sender: str
    receiver: str
    value: int


@dataclass(frozen=True, slots=True)
class Approval(Log):
    TYPE: ClassVar[EventType] = ABI.event("Approval")
    owner: str
    spender: str
    value: int


class USDC(Bound):
    """A stand-in for the quote token on local chains and in tests: six decimals, minted by its
    owner, returning True and taking permits (EIP-2612) as the real one does. Circle publishes no
    package with bytecode, and a local chain needs somebody who can mint. Never deployed where the
    real token exists."""

    ABI = ABI

    def mint(self, to: Address, amount: int) -> Prepared[None]:
        """Create `amount` for `to`; owner only."""
        return self._prepare("mint", to, amount)

    def transfer(self, to: Address, amount: int) -> Prepared[bool]:
        """Send `amount` to `to`."""
        return self._prepare("transfer", to, amount)

    def transferFrom(self, owner: Address, to: Address, amount: int) -> Prepared[bool]:
        """Send `amount` of `owner`, who allowed it, to `to`."""
        return self._prepare("transferFrom", owner, to, amount)

    def approve(self, spender: Address, amount: int) -> Prepared[bool]:
        """Allow `spender` to move `amount` of the caller."""
        return self._prepare("approve", spender, amount)

    def permit(
        self,
        owner: Address,
        spender: Address,
        amount: int,
        deadline: int,
        v: int,
        r: bytes,
        s: bytes,
    ) -> Prepared[None]:
        """Allow `spender` to move `amount` of `owner`, who signed it (EIP-2612)."""
        return self._prepare("permit", owner, spender, amount, deadline, v, r, s)

    def DOMAIN_SEPARATOR(self) -> bytes:
        """What permits are signed for."""
        return self.call("DOMAIN_SEPARATOR")

    def OWNER(self) -> str:
        return self.call("OWNER")

    def name(self) -> str:
        return self.call("name")

    def symbol(self) -> str:
        return self.call("symbol")

    def decimals(self) -> int:
        return self.call("decimals")

    def version(self) -> str:
        return self.call("version")

    def totalSupply(self) -> int:
        return self.call("totalSupply")

    def balanceOf(self, arg0: Address, /) -> int:
        return self.call("balanceOf", arg0)

    def allowance(self, arg0: Address, arg1: Address, /) -> int:
        return self.call("allowance", arg0, arg1)

    def nonces(self, arg0: Address, /) -> int:
        return self.call("nonces", arg0)
