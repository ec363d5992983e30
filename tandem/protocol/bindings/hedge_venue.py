"""HedgeVenue, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from tandem.engine.abi import Abi
from tandem.engine.bound import Address, Bound, Prepared
from tandem.protocol.bindings.structs import (
    Average,
    Bounds,
    Carry,
    CarrySince,
    Curve,
    Fill,
    History,
    Quotation,
    VenueAccount,
)

ABI = Abi.spelled(
    "function account(uint256 spot) view returns ((int256,int256,int256,int256))",
    "function average(uint256 window) view returns (uint256,uint256,uint256)",
    "function bounds(int256 position) view returns ((uint256,uint256,uint256))",
    "function curve(int256 order) view returns ((uint256,uint256,uint256[4],uint256[4]))",
    "function deposit(uint256 amount)",
    "function free_collateral() view returns (uint256)",
    "function funding() view returns (int256,int256)",
    "function funding_since(uint256 mark) view returns (uint256,int256,int256)",
    "function grain() view returns (uint256)",
    "function history() view returns (uint256,uint256)",
    "function index() view returns (uint256)",
    "function lot() view returns (uint256)",
    "function max_order(int256 order,uint256 worst_price) view returns (uint256)",
    "function position() view returns (int256)",
    "function price() view returns (uint256)",
    "function purse() view returns (uint256)",
    "function quotation() view returns ((uint256,uint256,uint256))",
    "function trade(int256 size,uint256 worst_price) returns (int256,int256,uint256)",
    "function withdraw(uint256 amount,address recipient)",
)


class HedgeVenue(Bound):
    """One external perpetual (or borrow-and-swap) account, spoken to in Tandem's units. Sizes are
    WAD of the base asset, positive long. Prices and quote amounts are WAD USD. `deposit` and
    `withdraw` take the quote token's own decimals. A venue that cannot answer in the same call is
    not a hedge venue."""

    ABI = ABI

    def trade(self, size: int, worst_price: int) -> Prepared[Fill]:
        """Trade exactly `size` (signed) at `worst_price` or better, or revert."""
        return self._prepare("trade", size, worst_price, read=Fill.decode)

    def position(self) -> int:
        """The position as the venue reports it, WAD base, positive long."""
        return self.call("position")

    def account(self, spot: int) -> VenueAccount:
        """What the account holds and is worth."""
        return VenueAccount.decode(self.call("account", spot))

    def bounds(self, position: int) -> Bounds:
        """The margin that a position of that sign needs, by the market's parameters of now; without
        a position the dearer of both."""
        return Bounds.decode(self.call("bounds", position))

    def index(self) -> int:
        """The price of the base asset that the venue goes by, WAD."""
        return self.call("index")

    def free_collateral(self) -> int:
        """Quote that can be withdrawn now, in the token's decimals; never what others gave."""
        return self.call("free_collateral")

    def max_order(self, order: int, worst_price: int) -> int:
        """The part of `order` that fills now at `worst_price` or better, WAD base: what margin and
        the market carry, all of it or less. Never reverts."""
        return self.call("max_order", order, worst_price)

    def average(self, window: int) -> Average:
        """What the market was over the last `window` seconds, or as far back as it remembers."""
        return Average.decode(self.call("average", window))

    def curve(self, order: int) -> Curve:
        """What an order of this size meets, at most four stretches and no further than the order
        goes; where no liquidity lies it ends. Never reverts. It says nothing of margin: `max_order`
        does."""
        return Curve.decode(self.call("curve", order))

    def history(self) -> History:
        """For how many seconds back the venue knows its own prices, and how many of them it needs
        to know for it to value accounts and to fill orders."""
        return History.decode(self.call("history"))

    def quotation(self) -> Quotation:
        """The venue's price without a fill: what a trade that sends no order is held against."""
        return Quotation.decode(self.call("quotation"))

    def price(self) -> int:
        """The venue's price of now, WAD: whoever pays for it moves it for a moment."""
        return self.call("price")

    def funding(self) -> Carry:
        """What holding a long of 1 USD for a day pays at the market's rates of now, and what a
        short of 1 USD does, WAD; negative where it is paid. Of a perpetual one is the other's
        opposite; who borrows what he sells pays on both sides."""
        return Carry.decode(self.call("funding"))

    def funding_since(self, mark: int) -> CarrySince:
        """What each sign of the account paid on average since a mark that the venue gave before,
        where a long that owes nothing gives up what its money would have earned: what was paid, and
        no rate of a moment, which somebody could have borrowed for it. Since no mark (0) it says
        nothing, or nothing to rely on."""
        return CarrySince.decode(self.call("funding_since", mark))

    def purse(self) -> int:
        """What the venue holds of the quote token: it can pay nobody more than that. Token
        units."""
        return self.call("purse")

    def lot(self) -> int:
        """Smallest order the venue takes, WAD base (ours where the venue has none)."""
        return self.call("lot")

    def grain(self) -> int:
        """The least amount of the base token that there is, WAD: orders are multiples of it."""
        return self.call("grain")

    def deposit(self, amount: int) -> Prepared[None]:
        """Move `amount` of the quote token, held by this contract, into the venue account."""
        return self._prepare("deposit", amount)

    def withdraw(self, amount: int, recipient: Address) -> Prepared[None]:
        """Take `amount` of the quote token out of the venue account and send it to `recipient`."""
        return self._prepare("withdraw", amount, recipient)
