"""OptionToken, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Address, Bound, Log, Prepared

ABI = Abi.spelled(
    "constructor(address market,address vault,string asset)",
    "event Approval(address indexed owner,address indexed spender,uint256 indexed id,uint256 amount)",
    "event OperatorSet(address indexed owner,address indexed spender,bool approved)",
    "event Transfer(address caller,address indexed sender,address indexed receiver,uint256 indexed id,uint256 amount)",
    "function ASSET() view returns (string)",
    "function MARKET() view returns (address)",
    "function VAULT() view returns (address)",
    "function allowance(address arg0,address arg1,uint256 arg2) view returns (uint256)",
    "function approve(address spender,uint256 id,uint256 amount) returns (bool)",
    "function balanceOf(address arg0,uint256 arg1) view returns (uint256)",
    "function burn(address owner,uint256 id,uint256 amount)",
    "function decimals(uint256 id) pure returns (uint8)",
    "function isOperator(address arg0,address arg1) view returns (bool)",
    "function mint(address owner,uint256 id,uint256 amount)",
    "function name(uint256 id) view returns (string)",
    "function setOperator(address spender,bool approved) returns (bool)",
    "function supportsInterface(bytes4 interface_id) pure returns (bool)",
    "function symbol(uint256 id) view returns (string)",
    "function totalSupply(uint256 arg0) view returns (uint256)",
    "function transfer(address receiver,uint256 id,uint256 amount) returns (bool)",
    "function transferFrom(address sender,address receiver,uint256 id,uint256 amount) returns (bool)",
)


@dataclass(frozen=True, slots=True)
class Transfer(Log):
    TYPE: ClassVar[EventType] = ABI.event("Transfer")
    caller: str
    sender: str
    receiver: str
    id: int
    amount: int


@dataclass(frozen=True, slots=True)
class Approval(Log):
    TYPE: ClassVar[EventType] = ABI.event("Approval")
    owner: str
    spender: str
    id: int
    amount: int


@dataclass(frozen=True, slots=True)
class OperatorSet(Log):
    TYPE: ClassVar[EventType] = ABI.event("OperatorSet")
    owner: str
    spender: str
    approved: bool


class OptionToken(Bound):
    """Who owns how much of which option series: an ERC-6909 token without receiver callbacks. Only
    the Market creates and destroys units; holders do everything else themselves."""

    ABI = ABI

    def transfer(self, receiver: Address, id: int, amount: int) -> Prepared[bool]:
        """Send `amount` units of series `id` to `receiver`."""
        return self._prepare("transfer", receiver, id, amount)

    def transferFrom(
        self, sender: Address, receiver: Address, id: int, amount: int
    ) -> Prepared[bool]:
        """Send units of `sender`, who allowed it, to `receiver`."""
        return self._prepare("transferFrom", sender, receiver, id, amount)

    def approve(self, spender: Address, id: int, amount: int) -> Prepared[bool]:
        """Let `spender` move up to `amount` of the caller's units of series `id`."""
        return self._prepare("approve", spender, id, amount)

    def setOperator(self, spender: Address, approved: bool) -> Prepared[bool]:
        """Let `spender` act for the caller in every series, or stop it."""
        return self._prepare("setOperator", spender, approved)

    def mint(self, owner: Address, id: int, amount: int) -> Prepared[None]:
        """Create `amount` units of series `id` for `owner`. Market only."""
        return self._prepare("mint", owner, id, amount)

    def burn(self, owner: Address, id: int, amount: int) -> Prepared[None]:
        """Destroy `amount` units of series `id` held by `owner`. Market only: it is the Market that
        asks whether the caller may act for the owner."""
        return self._prepare("burn", owner, id, amount)

    def decimals(self, id: int) -> int:
        """Six: one unit is 1e-6 of the asset, of option size."""
        return self.call("decimals", id)

    def name(self, id: int) -> str:
        """What a person calls the series, such as TANDEM-ETH-20260327-3000/6000-C: after its
        asset."""
        return self.call("name", id)

    def symbol(self, id: int) -> str:
        """The same words: a series has one name."""
        return self.call("symbol", id)

    def supportsInterface(self, interface_id: bytes) -> bool:
        """ERC-165: ERC-6909 with its metadata and supply extensions."""
        return self.call("supportsInterface", interface_id)

    def MARKET(self) -> str:
        return self.call("MARKET")

    def VAULT(self) -> str:
        return self.call("VAULT")

    def ASSET(self) -> str:
        return self.call("ASSET")

    def totalSupply(self, arg0: int, /) -> int:
        return self.call("totalSupply", arg0)

    def balanceOf(self, arg0: Address, arg1: int, /) -> int:
        return self.call("balanceOf", arg0, arg1)

    def allowance(self, arg0: Address, arg1: Address, arg2: int, /) -> int:
        return self.call("allowance", arg0, arg1, arg2)

    def isOperator(self, arg0: Address, arg1: Address, /) -> bool:
        return self.call("isOperator", arg0, arg1)
