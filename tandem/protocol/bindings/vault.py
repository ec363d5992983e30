"""Vault, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Address, Bound, Log, Prepared, given
from tandem.protocol.bindings.structs import Epoch, Funds, LastMark, Queue, VenueLosses

ABI = Abi.spelled(
    "constructor(address token,address market,address lens,address router,address guardian,string name,string symbol,uint256 delay,uint256 loss_cap,uint256 loss_period)",
    "event Approval(address indexed owner,address indexed spender,uint256 value)",
    "event Collected(address indexed payer,uint256 amount,uint256 cash)",
    "event Deposit(address indexed sender,address indexed owner,uint256 assets,uint256 shares)",
    "event EpochProcessed(uint256 indexed epoch,uint256 burned,uint256 assets,uint256 left,uint256 exits)",
    "event ExitQueued(address indexed owner,uint256 indexed epoch,uint256 amount,uint256 queued)",
    "event Lent(address indexed recipient,uint256 amount,uint256 cash)",
    "event Marked(uint256 nav_low,uint256 nav_high,uint256 supply,uint256 cash,uint256 exits,bool bankrupt)",
    "event OperatorSet(address indexed controller,address indexed operator,bool approved)",
    "event Paid(address indexed recipient,uint256 amount,uint256 cash)",
    "event RedeemRequest(address indexed controller,address indexed owner,uint256 indexed requestId,address sender,uint256 shares)",
    "event Restored(uint256 amount,uint256 cash)",
    "event Transfer(address indexed sender,address indexed receiver,uint256 value)",
    "event Withdraw(address indexed sender,address indexed receiver,address indexed owner,uint256 assets,uint256 shares)",
    "function DELAY() view returns (uint256)",
    "function GUARDIAN() view returns (address)",
    "function LENS() view returns (address)",
    "function LOSS_CAP() view returns (uint256)",
    "function LOSS_PERIOD() view returns (uint256)",
    "function MARKET() view returns (address)",
    "function ROUTER() view returns (address)",
    "function allowance(address arg0,address arg1) view returns (uint256)",
    "function approve(address spender,uint256 amount) returns (bool)",
    "function asset() view returns (address)",
    "function balanceOf(address arg0) view returns (uint256)",
    "function cash() view returns (uint256)",
    "function claimableRedeemRequest(uint256 request_id,address controller) view returns (uint256)",
    "function collect(address payer,uint256 amount)",
    "function convertToAssets(uint256 amount) view returns (uint256)",
    "function convertToShares(uint256 assets) view returns (uint256)",
    "function decimals() view returns (uint8)",
    "function deposit(uint256 assets,address receiver) returns (uint256)",
    "function deposit(uint256 assets,address receiver,uint256 min_shares) returns (uint256)",
    "function epoch(uint256 number) view returns ((uint256,uint256,uint256,uint256,uint256,uint256))",
    "function exits_unpaid() view returns (uint256)",
    "function funds() view returns ((uint256,uint256,uint256,uint256,uint256))",
    "function isOperator(address arg0,address arg1) view returns (bool)",
    "function last_mark() view returns (uint256,uint256)",
    "function lend(address recipient,uint256 wanted,uint256 lost) returns (uint256)",
    "function low_nav() view returns (uint256)",
    "function maxDeposit(address receiver) view returns (uint256)",
    "function maxMint(address receiver) view returns (uint256)",
    "function maxRedeem(address controller) view returns (uint256)",
    "function maxWithdraw(address controller) view returns (uint256)",
    "function mint(uint256 amount,address receiver) returns (uint256)",
    "function name() view returns (string)",
    "function pay(address recipient,uint256 amount)",
    "function pendingRedeemRequest(uint256 request_id,address controller) view returns (uint256)",
    "function poke()",
    "function previewDeposit(uint256 assets) view returns (uint256)",
    "function previewMint(uint256 amount) view returns (uint256)",
    "function previewRedeem(uint256 amount) view returns (uint256)",
    "function previewWithdraw(uint256 assets) view returns (uint256)",
    "function process(uint256 count) returns (uint256)",
    "function queue() view returns (uint256,uint256)",
    "function redeem(uint256 amount,address receiver,address controller) returns (uint256)",
    "function requestRedeem(uint256 amount,address controller,address owner) returns (uint256)",
    "function restore(uint256 amount)",
    "function setOperator(address operator,bool approved) returns (bool)",
    "function share() view returns (address)",
    "function supportsInterface(bytes4 interface_id) pure returns (bool)",
    "function symbol() view returns (string)",
    "function totalAssets() view returns (uint256)",
    "function totalSupply() view returns (uint256)",
    "function transfer(address receiver,uint256 amount) returns (bool)",
    "function transferFrom(address owner,address receiver,uint256 amount) returns (bool)",
    "function venue_losses(address venue) view returns (uint256,uint256)",
    "function withdraw(uint256 assets,address receiver,address controller) returns (uint256)",
    "function would_lend(address venue) view returns (uint256)",
)


@dataclass(frozen=True, slots=True)
class Lent(Log):
    TYPE: ClassVar[EventType] = ABI.event("Lent")
    recipient: str
    amount: int
    cash: int


@dataclass(frozen=True, slots=True)
class Restored(Log):
    TYPE: ClassVar[EventType] = ABI.event("Restored")
    amount: int
    cash: int


@dataclass(frozen=True, slots=True)
class Collected(Log):
    TYPE: ClassVar[EventType] = ABI.event("Collected")
    payer: str
    amount: int
    cash: int


@dataclass(frozen=True, slots=True)
class Paid(Log):
    TYPE: ClassVar[EventType] = ABI.event("Paid")
    recipient: str
    amount: int
    cash: int


@dataclass(frozen=True, slots=True)
class OperatorSet(Log):
    TYPE: ClassVar[EventType] = ABI.event("OperatorSet")
    controller: str
    operator: str
    approved: bool


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


@dataclass(frozen=True, slots=True)
class Marked(Log):
    TYPE: ClassVar[EventType] = ABI.event("Marked")
    nav_low: int
    nav_high: int
    supply: int
    cash: int
    exits: int
    bankrupt: bool


@dataclass(frozen=True, slots=True)
class Deposit(Log):
    TYPE: ClassVar[EventType] = ABI.event("Deposit")
    sender: str
    owner: str
    assets: int
    shares: int


@dataclass(frozen=True, slots=True)
class RedeemRequest(Log):
    TYPE: ClassVar[EventType] = ABI.event("RedeemRequest")
    controller: str
    owner: str
    requestId: int
    sender: str
    shares: int


@dataclass(frozen=True, slots=True)
class ExitQueued(Log):
    TYPE: ClassVar[EventType] = ABI.event("ExitQueued")
    owner: str
    epoch: int
    amount: int
    queued: int


@dataclass(frozen=True, slots=True)
class EpochProcessed(Log):
    TYPE: ClassVar[EventType] = ABI.event("EpochProcessed")
    epoch: int
    burned: int
    assets: int
    left: int
    exits: int


@dataclass(frozen=True, slots=True)
class Withdraw(Log):
    TYPE: ClassVar[EventType] = ABI.event("Withdraw")
    sender: str
    receiver: str
    owner: str
    assets: int
    shares: int


class Vault(Bound):
    """The LPs' cash and shares. Deposits are synchronous ERC-4626 at the high NAV, exits follow
    ERC-7540's redeem side at the low NAV of the transaction that processes them. It pays and
    receives for the Market and lends margin to the router; it prices no option."""

    ABI = ABI

    def epoch(self, number: int) -> Epoch:
        """What is known of an epoch; empty once everybody in it has claimed."""
        return Epoch.decode(self.call("epoch", number))

    def queue(self) -> Queue:
        """The first and the last epoch that wait, in hours; 0 if none does."""
        return Queue.decode(self.call("queue"))

    def claimableRedeemRequest(self, request_id: int, controller: Address) -> int:
        """Processed shares that `controller` may claim for; all requests are number 0."""
        return self.call("claimableRedeemRequest", request_id, controller)

    def maxRedeem(self, controller: Address) -> int:
        """Processed shares that `controller` may claim for now."""
        return self.call("maxRedeem", controller)

    def maxWithdraw(self, controller: Address) -> int:
        """Assets that `controller` may claim now."""
        return self.call("maxWithdraw", controller)

    def pendingRedeemRequest(self, request_id: int, controller: Address) -> int:
        """Shares of `controller` that wait to be processed; all requests are number 0."""
        return self.call("pendingRedeemRequest", request_id, controller)

    def LOSS_CAP(self) -> int:
        return self.call("LOSS_CAP")

    def LOSS_PERIOD(self) -> int:
        return self.call("LOSS_PERIOD")

    def ROUTER(self) -> str:
        return self.call("ROUTER")

    def lend(self, recipient: Address, wanted: int, lost: int) -> Prepared[int]:
        """Count a loss, then send cash to a venue as margin: as much of `wanted` as the floor
        gives, and nothing where its cap is passed. Router only."""
        return self._prepare("lend", recipient, wanted, lost)

    def would_lend(self, venue: Address) -> int:
        """What `lend` would send to a venue now, where nothing more was lost: inside the floor,
        while its losses are within the cap. To whom nothing is ever sent, as to a set of several,
        what the floor gives."""
        return self.call("would_lend", venue)

    def restore(self, amount: int) -> Prepared[None]:
        """Book what came back from a venue: pull `amount` from the router. Router only."""
        return self._prepare("restore", amount)

    def venue_losses(self, venue: Address) -> VenueLosses:
        """What a venue lost and is not forgotten, and past how much no margin follows, token
        units."""
        return VenueLosses.decode(self.call("venue_losses", venue))

    def MARKET(self) -> str:
        return self.call("MARKET")

    def asset(self) -> str:
        """The quote token."""
        return self.call("asset")

    def cash(self) -> int:
        """The Vault's own cash; donations do not count."""
        return self.call("cash")

    def collect(self, payer: Address, amount: int) -> Prepared[None]:
        """Pull `amount` from `payer` into cash. Market only."""
        return self._prepare("collect", payer, amount)

    def exits_unpaid(self) -> int:
        """LP exits processed and unclaimed, part of cash."""
        return self.call("exits_unpaid")

    def pay(self, recipient: Address, amount: int) -> Prepared[None]:
        """Pay `amount` of cash to `recipient`. Market only. What LPs who left may claim is not the
        Market's to pay."""
        return self._prepare("pay", recipient, amount)

    def isOperator(self, arg0: Address, arg1: Address, /) -> bool:
        return self.call("isOperator", arg0, arg1)

    def setOperator(self, operator: Address, approved: bool) -> Prepared[bool]:
        """Let `operator` request and claim for the caller, or stop it."""
        return self._prepare("setOperator", operator, approved)

    def name(self) -> str:
        return self.call("name")

    def symbol(self) -> str:
        return self.call("symbol")

    def decimals(self) -> int:
        return self.call("decimals")

    def totalSupply(self) -> int:
        """All shares."""
        return self.call("totalSupply")

    def balanceOf(self, arg0: Address, /) -> int:
        return self.call("balanceOf", arg0)

    def allowance(self, arg0: Address, arg1: Address, /) -> int:
        return self.call("allowance", arg0, arg1)

    def transfer(self, receiver: Address, amount: int) -> Prepared[bool]:
        """Send `amount` of the caller's shares to `receiver`."""
        return self._prepare("transfer", receiver, amount)

    def transferFrom(self, owner: Address, receiver: Address, amount: int) -> Prepared[bool]:
        """Send `amount` shares of `owner`, who allowed it, to `receiver`."""
        return self._prepare("transferFrom", owner, receiver, amount)

    def approve(self, spender: Address, amount: int) -> Prepared[bool]:
        """Let `spender` move up to `amount` of the caller's shares."""
        return self._prepare("approve", spender, amount)

    def LENS(self) -> str:
        return self.call("LENS")

    def convertToAssets(self, amount: int) -> int:
        """What `amount` shares are worth at the last low NAV, rounded down."""
        return self.call("convertToAssets", amount)

    def convertToShares(self, assets: int) -> int:
        """Shares worth `assets` at the last low NAV, rounded down."""
        return self.call("convertToShares", assets)

    def last_mark(self) -> LastMark:
        """Low NAV of the last mark, and its time."""
        return LastMark.decode(self.call("last_mark"))

    def low_nav(self) -> int:
        """Low NAV of now, token units, which `totalAssets` is as it was marked last."""
        return self.call("low_nav")

    def previewDeposit(self, assets: int) -> int:
        """Shares for `assets` at the high NAV of now."""
        return self.call("previewDeposit", assets)

    def previewMint(self, amount: int) -> int:
        """Assets for `amount` shares at the high NAV of now."""
        return self.call("previewMint", amount)

    def totalAssets(self) -> int:
        """The low NAV of the last mark."""
        return self.call("totalAssets")

    def deposit(
        self, assets: int, receiver: Address, min_shares: int | None = None
    ) -> Prepared[int]:
        """Put `assets` in, and get shares at the high NAV of now."""
        return self._prepare("deposit", *given(assets, receiver, min_shares))

    def mint(self, amount: int, receiver: Address) -> Prepared[int]:
        """Get `amount` shares, and pay for them at the high NAV of now."""
        return self._prepare("mint", amount, receiver)

    def requestRedeem(self, amount: int, controller: Address, owner: Address) -> Prepared[int]:
        """Queue `amount` shares of `owner` for redemption. It cannot be taken back."""
        return self._prepare("requestRedeem", amount, controller, owner)

    def process(self, count: int) -> Prepared[int]:
        """Redeem up to `count` due epochs, first in, first out, at the low NAV of now, as far as
        the floor with its reserve allows. Anybody may call: nobody is priced while it matters when,
        but for an epoch that waited its longest for a calm moment."""
        return self._prepare("process", count)

    def redeem(self, amount: int, receiver: Address, controller: Address) -> Prepared[int]:
        """Claim for `amount` shares that were processed."""
        return self._prepare("redeem", amount, receiver, controller)

    def withdraw(self, assets: int, receiver: Address, controller: Address) -> Prepared[int]:
        """Claim `assets` that were set aside by processing."""
        return self._prepare("withdraw", assets, receiver, controller)

    def poke(self) -> Prepared[None]:
        """Refresh the last mark. Anybody may call."""
        return self._prepare("poke")

    def funds(self) -> Funds:
        """The Vault's own account, and the last low NAV with its time."""
        return Funds.decode(self.call("funds"))

    def share(self) -> str:
        """The share token: the Vault itself (ERC-7575)."""
        return self.call("share")

    def maxDeposit(self, receiver: Address) -> int:
        """The most that `deposit` takes now; 0 wherever it reverts."""
        return self.call("maxDeposit", receiver)

    def maxMint(self, receiver: Address) -> int:
        """The same in shares."""
        return self.call("maxMint", receiver)

    def supportsInterface(self, interface_id: bytes) -> bool:
        """ERC-165: ERC-7540 operators and asynchronous redemption, ERC-7575."""
        return self.call("supportsInterface", interface_id)

    def previewRedeem(self, amount: int) -> int:
        """Reverts: exits are priced when they are processed (ERC-7540)."""
        return self.call("previewRedeem", amount)

    def previewWithdraw(self, assets: int) -> int:
        """Reverts: exits are priced when they are processed (ERC-7540)."""
        return self.call("previewWithdraw", assets)

    def GUARDIAN(self) -> str:
        return self.call("GUARDIAN")

    def DELAY(self) -> int:
        return self.call("DELAY")
