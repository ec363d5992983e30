# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Vault
@license AGPL-3.0-only
@author Tandem contributors
@notice The LPs' cash and shares. Deposits are synchronous ERC-4626 at the high NAV, exits follow
        ERC-7540's redeem side at the low NAV of the transaction that processes them. It pays and
        receives for the Market and lends margin to the router; it prices no option.
@dev `cash` is the Vault's own account: tokens that somebody sends here by hand count for nothing.
     Cash holds what is set aside for LPs who left (`exits`) and for settled options (the Market's
     `claims`).

     low NAV  = max(0, cash - exits - claims + equity low - liability high - re-hedge cost), down
     high NAV = max(0, cash - exits - claims + equity high - liability low), up
     floor    = cash - exits - claims - the sum of maximum payoffs

     What never reverts (`totalAssets`, `convertTo*`, `max*`) uses the last mark, whose time
     `funds` tells.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC20Detailed
from ethereum.ercs import IERC4626
from .interfaces import IGuardian
from .interfaces import IMark
from .interfaces import IMarket
from .interfaces import IVault
from .lib import terms
from .modules import exits
from .modules import lending
from .modules import nav
from .modules import shares

implements: IVault

initializes: exits
initializes: lending
initializes: shares
exports: (
    lending.DAY_CAP,
    lending.WEEK_CAP,
    shares.name,
    shares.symbol,
    shares.decimals,
    shares.totalSupply,
    shares.balanceOf,
    shares.allowance,
    shares.transfer,
    shares.transferFrom,
    shares.approve,
)


event RedeemRequest:
    controller: indexed(address)
    owner: indexed(address)
    requestId: indexed(uint256)
    sender: address
    shares: uint256


event ExitQueued:
    owner: indexed(address)
    epoch: indexed(uint256)
    amount: uint256
    queued: uint256


event EpochProcessed:
    epoch: indexed(uint256)
    burned: uint256
    assets: uint256
    left: uint256
    exits: uint256


event Marked:
    nav_low: uint256
    nav_high: uint256
    supply: uint256
    cash: uint256
    exits: uint256
    bankrupt: bool


event OperatorSet:
    controller: indexed(address)
    operator: indexed(address)
    approved: bool


event Collected:
    payer: indexed(address)
    amount: uint256
    cash: uint256


event Paid:
    recipient: indexed(address)
    amount: uint256
    cash: uint256


event Lent:
    recipient: indexed(address)
    amount: uint256
    cash: uint256


event Restored:
    amount: uint256
    cash: uint256


DAY: constant(uint256) = 86400
MARK_AGE: constant(uint256) = 3600  # an older mark makes `maxDeposit` 0
MAX_DELAY: constant(uint256) = 7 * DAY
MAX_EPOCHS: constant(uint256) = 32
MASK_32: constant(uint256) = 2**32 - 1
MASK_96: constant(uint256) = 2**96 - 1
MASK_112: constant(uint256) = 2**112 - 1
MASK_128: constant(uint256) = 2**128 - 1

ERC165_ID: constant(bytes4) = 0x01ffc9a7
ERC7540_OPERATOR_ID: constant(bytes4) = 0xe3bc4e65
ERC7540_REDEEM_ID: constant(bytes4) = 0x620ee8e4
ERC7575_ID: constant(bytes4) = 0x2f0a18c5

TOKEN: immutable(IERC20)
MARKET: public(immutable(address))
LENS: public(immutable(IMark))  # whose mark of book and hedge the NAV rests on
ROUTER: public(immutable(address))
GUARDIAN: public(immutable(IGuardian))
DELAY: public(immutable(uint256))
SCALE: immutable(int256)  # WAD per token unit
VIRTUAL: immutable(uint256)  # virtual shares, against one virtual token unit
MIN_EXIT: immutable(uint256)  # one whole token

_money: uint256  # bits 0..127 cash, 128..255 what of it is set aside for LPs who left
isOperator: public(HashMap[address, HashMap[address, bool]])


@deploy
def __init__(
    token: address,
    market: address,
    lens: address,
    router: address,
    guardian: address,
    name: String[32],
    symbol: String[16],
    delay: uint256,
    day_cap: uint256,
    week_cap: uint256,
):
    """
    @param token The quote token, at most 18 decimals.
    @param market May collect and pay.
    @param lens Marks book and hedge.
    @param router May lend and restore margin.
    @param guardian Pause and parameters.
    @param name Name of the shares.
    @param symbol Symbol of the shares.
    @param delay Seconds that an exit request waits at least.
    @param day_cap Net margin lent in a day, a fraction of NAV (WAD).
    @param week_cap Net margin lent in a week, a fraction of NAV (WAD).
    """
    assert delay <= MAX_DELAY, "vault: delay bounds"
    exits.__init__()
    shares.__init__(name, symbol)
    lending.__init__(day_cap, week_cap)
    TOKEN = IERC20(token)
    MARKET = market
    LENS = IMark(lens)
    ROUTER = router
    GUARDIAN = IGuardian(guardian)
    DELAY = delay
    token_decimals: uint8 = staticcall IERC20Detailed(token).decimals()
    assert token_decimals <= 18, "vault: token decimals"
    VIRTUAL = 10**convert(18 - token_decimals, uint256)
    SCALE = convert(VIRTUAL, int256)
    MIN_EXIT = 10**convert(token_decimals, uint256)


# ---------------------------------------------------------------- LPs come


@external
def deposit(assets: uint256, receiver: address) -> uint256:
    """
    @notice Put `assets` in, and get shares at the high NAV of now.
    @return The shares.
    """
    low: uint256 = 0
    high: uint256 = 0
    low, high = self._values(self._mark_to_enter())
    minted: uint256 = nav._shares_for(assets, high, self._supply())
    self._enter(low, high, assets, minted, receiver)
    return minted


@external
def mint(amount: uint256, receiver: address) -> uint256:
    """
    @notice Get `amount` shares, and pay for them at the high NAV of now.
    @return The assets.
    """
    low: uint256 = 0
    high: uint256 = 0
    low, high = self._values(self._mark_to_enter())
    assets: uint256 = nav._assets_up(amount, high, self._supply())
    self._enter(low, high, assets, amount, receiver)
    return assets


# ---------------------------------------------------------------- LPs leave


@external
def requestRedeem(amount: uint256, controller: address, owner: address) -> uint256:
    """
    @notice Queue `amount` shares of `owner` for redemption. It cannot be taken back.
    @param controller The owner: nobody else may hold the claim.
    @return 0, the one request that stands for all of a controller's (ERC-7540).
    """
    assert controller == owner, "vault: controller not owner"
    if msg.sender != owner and not self.isOperator[owner][msg.sender]:
        shares._spend_allowance(owner, msg.sender, amount)
    assert amount != 0 and (
        amount == shares.balanceOf[owner] or self._worth(amount) >= MIN_EXIT
    ), "vault: exit too small"
    shares._move(owner, self, amount)
    epoch: uint256 = exits._join(owner, amount, DELAY)
    log RedeemRequest(
        controller=controller, owner=owner, requestId=0, sender=msg.sender, shares=amount
    )
    log ExitQueued(owner=owner, epoch=epoch, amount=amount, queued=shares.balanceOf[self])
    return 0


@external
def process(count: uint256) -> uint256:
    """
    @notice Redeem up to `count` due epochs, first in, first out, at the low NAV of now, as far as
            the floor with its reserve allows. Anybody may call.
    @return The assets set aside.
    """
    m: IMark.Mark = self._mark()
    low: uint256 = 0
    high: uint256 = 0
    low, high = self._values(m)
    reserve: uint256 = terms.field(staticcall GUARDIAN.terms(), terms.RESERVE)
    total: uint256 = 0
    for _: uint256 in range(min(count, MAX_EPOCHS), bound=MAX_EPOCHS):
        epoch: uint256 = exits._due()
        if epoch == 0 or low == 0:
            break
        left: uint256 = exits._left(epoch)
        room: uint256 = nav._exit_room(self._own(m), low, reserve, m)
        supply: uint256 = self._supply()
        burned: uint256 = left
        assets: uint256 = nav._assets_down(left, low, supply)
        if assets > room:
            burned = min(left, nav._shares_for(room, low, supply))
            assets = nav._assets_down(burned, low, supply)
            if assets == 0:
                break
        shares._burn(self, burned)
        exits._fill(epoch, burned, assets)
        self._money += assets << 128
        low -= assets
        high -= min(assets, high)
        total += assets
        log EpochProcessed(
            epoch=epoch, burned=burned, assets=assets, left=left - burned, exits=self._exits()
        )
        if burned < left:
            break
    self._remember(low, high, m.bankrupt)
    return total


@external
def redeem(amount: uint256, receiver: address, controller: address) -> uint256:
    """
    @notice Claim for `amount` shares that were processed.
    @return The assets.
    """
    self._check_controller(controller)
    assets: uint256 = 0
    dust: uint256 = 0
    assets, dust = exits._claim_shares(controller, amount)
    self._leave(receiver, controller, assets, amount, dust)
    return assets


@external
def withdraw(assets: uint256, receiver: address, controller: address) -> uint256:
    """
    @notice Claim `assets` that were set aside by processing.
    @return The shares that this uses up.
    """
    self._check_controller(controller)
    amount: uint256 = 0
    dust: uint256 = 0
    amount, dust = exits._claim_assets(controller, assets)
    self._leave(receiver, controller, assets, amount, dust)
    return amount


@external
def setOperator(operator: address, approved: bool) -> bool:
    """
    @notice Let `operator` request and claim for the caller, or stop it.
    """
    self.isOperator[msg.sender][operator] = approved
    log OperatorSet(controller=msg.sender, operator=operator, approved=approved)
    return True


@external
def poke():
    """
    @notice Refresh the last mark. Anybody may call.
    """
    m: IMark.Mark = self._mark()
    low: uint256 = 0
    high: uint256 = 0
    low, high = self._values(m)
    self._remember(low, high, m.bankrupt)


# ---------------------------------------------------------------- Market and router


@external
def collect(payer: address, amount: uint256):
    """
    @notice Pull `amount` from `payer` into cash. Market only.
    """
    self._only_market()
    self._pull(payer, amount)
    log Collected(payer=payer, amount=amount, cash=self._cash())


@external
def pay(recipient: address, amount: uint256):
    """
    @notice Pay `amount` of cash to `recipient`. Market only. What LPs who left may claim is not
            the Market's to pay.
    """
    self._only_market()
    assert self._cash() >= self._exits() + amount, "vault: cash"
    self._push(recipient, amount)
    log Paid(recipient=recipient, amount=amount, cash=self._cash())


@external
def lend(recipient: address, amount: uint256):
    """
    @notice Send `amount` of cash to `recipient` as venue margin. Router only, inside the floor
            and the budgets of the day and the week.
    """
    self._only_router()
    assert amount <= self._above_floor(), "vault: floor"
    lending._lend(amount, shares._last()[0])
    self._push(recipient, amount)
    log Lent(recipient=recipient, amount=amount, cash=self._cash())


@external
def restore(amount: uint256):
    """
    @notice Book what came back from a venue: pull `amount` from the router. Router only.
    """
    self._only_router()
    lending._restore(amount)
    self._pull(msg.sender, amount)
    log Restored(amount=amount, cash=self._cash())


@external
@view
def funds() -> IVault.Funds:
    """
    @notice The Vault's own account, and the last low NAV with its time.
    """
    low: uint256 = 0
    time: uint256 = 0
    supply: uint256 = 0
    low, time, supply = shares._last()
    queued: uint256 = shares.balanceOf[self]
    if queued != 0:
        queued = nav._assets_up(queued, low, supply + VIRTUAL)
    money: uint256 = self._money
    return IVault.Funds(
        cash=money & MASK_128, exits=money >> 128, queued=queued, nav=low, nav_time=time
    )


@external
@view
def lendable() -> uint256:
    """
    @notice What `lend` would allow now: inside the floor and the lending budget.
    """
    return min(self._above_floor(), lending._budget(shares._last()[0]))


# ---------------------------------------------------------------- views that never revert


@external
@view
def cash() -> uint256:
    """
    @notice The Vault's own cash; donations do not count.
    """
    return self._cash()


@external
@view
def exits_unpaid() -> uint256:
    """
    @notice LP exits processed and unclaimed, part of cash.
    """
    return self._exits()


@external
@view
def asset() -> address:
    """
    @notice The quote token.
    """
    return TOKEN.address


@external
@view
def share() -> address:
    """
    @notice The share token: the Vault itself (ERC-7575).
    """
    return self


@external
@view
def totalAssets() -> uint256:
    """
    @notice The low NAV of the last mark.
    """
    return shares._last()[0]


@external
@view
def last_mark() -> (uint256, uint256):
    """
    @return Low NAV of the last mark, and its time.
    """
    return shares._last()[0], shares._last()[1]


@external
@view
def convertToShares(assets: uint256) -> uint256:
    """
    @notice Shares worth `assets` at the last low NAV, rounded down.
    """
    return nav._shares_for(assets, shares._last()[0], self._supply())


@external
@view
def convertToAssets(amount: uint256) -> uint256:
    """
    @notice What `amount` shares are worth at the last low NAV, rounded down.
    """
    return self._worth(amount)


@external
@view
def maxDeposit(receiver: address) -> uint256:
    """
    @notice No limit, or 0 while deposits are paused or the last mark is over an hour old.
    """
    return MASK_96 if self._is_open() else 0


@external
@view
def maxMint(receiver: address) -> uint256:
    """
    @notice The same in shares.
    """
    return MASK_112 - shares._supply() if self._is_open() else 0


@external
@view
def maxWithdraw(controller: address) -> uint256:
    """
    @notice Assets that `controller` may claim now.
    """
    return exits._sums(controller)[2]


@external
@view
def maxRedeem(controller: address) -> uint256:
    """
    @notice Processed shares that `controller` may claim for now.
    """
    return exits._sums(controller)[1]


@external
@view
def pendingRedeemRequest(request_id: uint256, controller: address) -> uint256:
    """
    @notice Shares of `controller` that wait to be processed; all requests are number 0.
    """
    return exits._sums(controller)[0] if request_id == 0 else 0


@external
@view
def claimableRedeemRequest(request_id: uint256, controller: address) -> uint256:
    """
    @notice Processed shares that `controller` may claim for; all requests are number 0.
    """
    return exits._sums(controller)[1] if request_id == 0 else 0


@external
@view
def queue() -> (uint256, uint256):
    """
    @notice The first and the last epoch that wait, in hours; 0 if none does.
    """
    first: uint256 = exits._ends & MASK_32
    return first, exits._ends >> 32 if first != 0 else 0


@external
@view
def epoch(number: uint256) -> exits.Epoch:
    """
    @notice What is known of an epoch; empty once everybody in it has claimed.
    """
    return exits._epoch(number)


@external
@pure
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice ERC-165: ERC-7540 operators and asynchronous redemption, ERC-7575.
    """
    return interface_id in [ERC165_ID, ERC7540_OPERATOR_ID, ERC7540_REDEEM_ID, ERC7575_ID]


# ---------------------------------------------------------------- views that may revert


@external
@view
def previewDeposit(assets: uint256) -> uint256:
    """
    @notice Shares for `assets` at the high NAV of now.
    """
    return nav._shares_for(assets, self._values(self._mark())[1], self._supply())


@external
@view
def previewMint(amount: uint256) -> uint256:
    """
    @notice Assets for `amount` shares at the high NAV of now.
    """
    return nav._assets_up(amount, self._values(self._mark())[1], self._supply())


@external
@view
def previewRedeem(amount: uint256) -> uint256:
    """
    @notice Reverts: exits are priced when they are processed (ERC-7540).
    """
    return self._no_preview()


@external
@view
def previewWithdraw(assets: uint256) -> uint256:
    """
    @notice Reverts: exits are priced when they are processed (ERC-7540).
    """
    return self._no_preview()


# ---------------------------------------------------------------- inside: NAV


@internal
@view
def _mark() -> IMark.Mark:
    """
    @dev The mark of now; reverts by name when an input is stale.
    """
    return staticcall LENS.mark()


@internal
@view
def _own(m: IMark.Mark) -> int256:
    """
    @dev Cash that is neither an LP's who left nor an option holder's.
    """
    return convert(self._cash(), int256) - convert(self._exits() + m.claims, int256)


@internal
@view
def _values(m: IMark.Mark) -> (uint256, uint256):
    """
    @return Low NAV and high NAV.
    """
    own: int256 = self._own(m)
    return nav._low(own, m, SCALE), nav._high(own, m, SCALE)


@internal
def _remember(low: uint256, high: uint256, bankrupt: bool):
    """
    @dev Keeps the mark for the views that never revert.
    """
    shares._remember(low)
    money: uint256 = self._money
    log Marked(
        nav_low=low,
        nav_high=high,
        supply=shares._supply(),
        cash=money & MASK_128,
        exits=money >> 128,
        bankrupt=bankrupt,
    )


# ---------------------------------------------------------------- inside: shares and assets


@internal
@view
def _supply() -> uint256:
    """
    @dev All shares, with the virtual ones.
    """
    return shares._supply() + VIRTUAL


@internal
@view
def _worth(amount: uint256) -> uint256:
    """
    @dev Shares at the last low NAV.
    """
    low: uint256 = 0
    time: uint256 = 0
    supply: uint256 = 0
    low, time, supply = shares._last()
    return nav._assets_down(amount, low, supply + VIRTUAL)


@internal
@view
def _mark_to_enter() -> IMark.Mark:
    """
    @dev The mark of now, where deposits are taken.
    """
    assert not self._is_paused(), "vault: paused"
    m: IMark.Mark = self._mark()
    assert not m.bankrupt, "vault: bankrupt venue"
    return m


@internal
def _enter(low: uint256, high: uint256, assets: uint256, minted: uint256, receiver: address):
    """
    @dev Takes assets in and gives shares out.
    """
    assert shares._supply() == 0 or low != 0, "vault: no value left"
    assert assets != 0 and minted != 0, "vault: nothing to enter"
    shares._mint(receiver, minted)
    self._pull(msg.sender, assets)
    self._remember(low + assets, high + assets, False)
    log IERC4626.Deposit(sender=msg.sender, owner=receiver, assets=assets, shares=minted)


@internal
def _leave(receiver: address, controller: address, assets: uint256, amount: uint256, dust: uint256):
    """
    @dev Pays a claim; what rounding left over is the LPs' who stay.
    """
    assert amount != 0, "vault: nothing to claim"
    self._money -= (assets + dust) << 128
    self._push(receiver, assets)
    log IERC4626.Withdraw(
        sender=msg.sender, receiver=receiver, owner=controller, assets=assets, shares=amount
    )


# ---------------------------------------------------------------- inside: money


@internal
@view
def _cash() -> uint256:
    """
    @dev The Vault's own cash.
    """
    return self._money & MASK_128


@internal
@view
def _exits() -> uint256:
    """
    @dev What is set aside for LPs who left.
    """
    return self._money >> 128


@internal
def _pull(payer: address, amount: uint256):
    """
    @dev Takes tokens in; exactly the amount has to arrive.
    """
    assert self._cash() + amount <= MASK_128, "vault: too large"
    self._money += amount
    before: uint256 = staticcall TOKEN.balanceOf(self)
    assert extcall TOKEN.transferFrom(payer, self, amount, default_return_value=True)
    assert staticcall TOKEN.balanceOf(self) == before + amount, "vault: short transfer"


@internal
def _push(recipient: address, amount: uint256):
    """
    @dev Pays tokens out of cash.
    """
    assert recipient != self and recipient != empty(address), "vault: recipient"
    assert amount <= self._cash(), "vault: over cash"
    self._money -= amount
    assert extcall TOKEN.transfer(recipient, amount, default_return_value=True)


@internal
@view
def _above_floor() -> uint256:
    """
    @dev Cash above everything that holders and LPs who left may ever claim.
    """
    maxima: uint256 = 0
    claims: uint256 = 0
    maxima, claims = staticcall IMarket(MARKET).liabilities()
    bound: uint256 = self._exits() + maxima + claims
    held: uint256 = self._cash()
    return held - min(bound, held)


# ---------------------------------------------------------------- inside: guards


@internal
@view
def _is_paused() -> bool:
    """
    @dev Whether the Guardian paused opens and deposits.
    """
    return terms.is_paused(staticcall GUARDIAN.terms())


@internal
@view
def _is_open() -> bool:
    """
    @dev Whether a deposit may be announced.
    """
    return not self._is_paused() and block.timestamp <= shares._last()[1] + MARK_AGE


@internal
@view
def _check_controller(controller: address):
    """
    @dev Only the controller or his operator claims.
    """
    assert (
        msg.sender == controller or self.isOperator[controller][msg.sender]
    ), "vault: not the controller"


@internal
@view
def _only_market():
    """
    @dev Premiums and payoffs are the Market's affair.
    """
    assert msg.sender == MARKET, "vault: only market"


@internal
@view
def _only_router():
    """
    @dev Margin is the router's affair.
    """
    assert msg.sender == ROUTER, "vault: only router"


@internal
@pure
def _no_preview() -> uint256:
    """
    @dev There is no price before processing.
    """
    raise "vault: asynchronous"
