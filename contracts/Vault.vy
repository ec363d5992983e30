# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize
"""
@title Vault
@license AGPL-3.0-only
@author Tandem contributors
@notice The LPs' cash and shares. Deposits are synchronous ERC-4626 at the high NAV, exits follow
        ERC-7540's redeem side at the low NAV of the transaction that processes them. It pays and
        receives for the Market and lends margin to the router; it prices no option.
@dev Its rooms: `money` is the account and alone moves the token, for the Market too; `lending` is the
     router's door; `valuation` asks the Lens; `epochs` and `exits` are the queue and who stands
     in it; `shares` and `operators` what an LP holds and whom he trusts.

     Cash holds what is set aside for LPs who left (`exits`) and for settled options (the Market's
     `claims`).

     low NAV  = max(0, cash - exits - claims + equity low - liability high - re-hedge cost), down
     high NAV = max(0, cash - exits - claims + equity high - liability low + re-hedge cost), up
     floor    = cash - exits - claims - the sum of maximum payoffs

     `totalAssets` and `convertTo*` never revert and use the last mark, whose time `funds` tells;
     `max*` never revert either.
     Longer than 450 lines: ERC-4626 and ERC-7540 ask for thirty functions of one address; what could go
     to rooms is in its modules.
"""

from ethereum.ercs import IERC20Detailed
from ethereum.ercs import IERC4626
from .interfaces import IGuardian
from .interfaces import IMark
from .interfaces import IVault
from .lib import terms
from .modules import epochs
from .modules import exits
from .modules import lending
from .modules import money
from .modules import nav
from .modules import operators
from .modules import shares
from .modules import valuation

implements: IVault

initializes: epochs
initializes: exits[epochs := epochs]
initializes: lending[money := money, shares := shares]
initializes: money
initializes: operators
initializes: shares
initializes: valuation[money := money, shares := shares]
exports: (
    epochs.epoch,
    epochs.queue,
    exits.claimableRedeemRequest,
    exits.maxRedeem,
    exits.maxWithdraw,
    exits.pendingRedeemRequest,
    lending.LOSS_CAP,
    lending.LOSS_PERIOD,
    lending.ROUTER,
    lending.lend,
    lending.would_lend,
    lending.restore,
    lending.venue_losses,
    money.MARKET,
    money.asset,
    money.cash,
    money.collect,
    money.exits_unpaid,
    money.pay,
    operators.isOperator,
    operators.setOperator,
    shares.name,
    shares.symbol,
    shares.decimals,
    shares.totalSupply,
    shares.balanceOf,
    shares.allowance,
    shares.transfer,
    shares.transferFrom,
    shares.approve,
    valuation.LENS,
    valuation.convertToAssets,
    valuation.convertToShares,
    valuation.last_mark,
    valuation.low_nav,
    valuation.previewDeposit,
    valuation.previewMint,
    valuation.totalAssets,
)

DAY: constant(uint256) = 86400
HOUR: constant(uint256) = 3600
# A millionth of a share: fewer that are worth nothing dilute nobody.
CRUMBS: constant(uint256) = 10**12
MARK_BYTES: constant(uint256) = 15 * 32
# More gas than is left where a mark was refused for want of it: a feed and a venue are asked by who has less.
ENOUGH: constant(uint256) = 600_000
MARK_FOR: constant(bytes4) = method_id("mark_for(uint256,uint256)", output_type=bytes4)
MAX_DELAY: constant(uint256) = 7 * DAY
MAX_EPOCHS: constant(uint256) = 32
MASK_112: constant(uint256) = 2**112 - 1

ERC165_ID: constant(bytes4) = 0x01ffc9a7
ERC7540_OPERATOR_ID: constant(bytes4) = 0xe3bc4e65
ERC7540_REDEEM_ID: constant(bytes4) = 0x620ee8e4
ERC7575_ID: constant(bytes4) = 0x2f0a18c5

GUARDIAN: public(immutable(IGuardian))
DELAY: public(immutable(uint256))
MIN_EXIT: immutable(uint256)  # one whole token


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
    loss_cap: uint256,
    loss_period: uint256,
):
    """
    @param token The quote token, at most 18 decimals.
    @param market May collect and pay.
    @param lens Marks book and hedge.
    @param router May lend and restore margin.
    @param guardian Pause and parameters.
    @param name Name of the shares.
    @param symbol Symbol of the shares.
    @param delay Seconds that an exit request waits at least, and a day less than the Guardian's
           delay at most.
    @param loss_cap Loss at a venue past which it gets no margin, a fraction of NAV (WAD).
    @param loss_period Seconds in which as much is forgotten.
    """
    assert delay <= MAX_DELAY, "vault: delay bounds"
    # whoever asks to leave when a change is queued may have left before it applies
    assert (
        delay + terms.LEAVE_WAIT <= staticcall IGuardian(guardian).DELAY()
    ), "vault: delay over timelock"
    epochs.__init__()
    money.__init__(token, market)
    shares.__init__(name, symbol)
    lending.__init__(router, loss_cap, loss_period)
    GUARDIAN = IGuardian(guardian)
    DELAY = delay
    token_decimals: uint8 = staticcall IERC20Detailed(token).decimals()
    valuation.__init__(lens, token_decimals)
    MIN_EXIT = 10**convert(token_decimals, uint256)


# ---------------------------------------------------------------- LPs come


@external
def deposit(assets: uint256, receiver: address, min_shares: uint256 = 0) -> uint256:
    """
    @notice Put `assets` in, and get shares at the high NAV of now.
    @param min_shares The least that they may be.
    @return The shares.
    """
    m: IMark.Mark = self._mark_to_enter()
    low: uint256 = 0
    high: uint256 = 0
    low, high = valuation._values(m)
    minted: uint256 = nav._shares_for(assets, high, valuation._supply())
    assert minted >= min_shares, "vault: shares under min"
    self._enter(m, low, high, assets, minted, receiver)
    return minted


@external
def mint(amount: uint256, receiver: address) -> uint256:
    """
    @notice Get `amount` shares, and pay for them at the high NAV of now.
    @return The assets.
    """
    m: IMark.Mark = self._mark_to_enter()
    low: uint256 = 0
    high: uint256 = 0
    low, high = valuation._values(m)
    assets: uint256 = nav._assets_up(amount, high, valuation._supply())
    self._enter(m, low, high, assets, amount, receiver)
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
    if not operators._acts_for(owner):
        shares._spend_allowance(owner, msg.sender, amount)
    assert amount != 0 and (
        amount == shares.balanceOf[owner] or valuation._worth(amount) >= MIN_EXIT
    ), "vault: exit too small"
    shares._move(owner, self, amount)
    epoch: uint256 = exits._join(owner, amount, DELAY)
    log IVault.RedeemRequest(
        controller=controller,
        owner=owner,
        requestId=0,
        sender=msg.sender,
        shares=amount,
    )
    log IVault.ExitQueued(owner=owner, epoch=epoch, amount=amount, queued=shares.balanceOf[self])
    return 0


@external
def process(count: uint256) -> uint256:
    """
    @notice Redeem up to `count` due epochs, first in, first out, at the low NAV of now, as far as
            the floor with its reserve allows. Anybody may call: nobody is priced while it matters
            when, but for an epoch that waited its longest for a calm moment.
    @return The assets set aside.
    """
    return self._process(count, False)


@external
def redeem(amount: uint256, receiver: address, controller: address) -> uint256:
    """
    @notice Claim for `amount` shares that were processed.
    @return The assets.
    """
    operators._check(controller)
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
    operators._check(controller)
    amount: uint256 = 0
    dust: uint256 = 0
    amount, dust = exits._claim_assets(controller, assets)
    self._leave(receiver, controller, assets, amount, dust)
    return amount


@external
def poke():
    """
    @notice Refresh the last mark. Anybody may call.
    @dev It is the mark of who leaves: where a moment can be priced at all, that it is not calm can be
         noted, and the longest wait for a calm one begins. What ends that wait is processing: whoever
         makes a moment calm for an instant, and only notes it, holds nobody back.
    """
    self._process(0, True)


# ---------------------------------------------------------------- views that never revert


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
        queued = nav._assets_up(queued, low, supply + valuation.VIRTUAL)
    held: uint256 = 0
    aside: uint256 = 0
    held, aside = money._account()
    return IVault.Funds(cash=held, exits=aside, queued=queued, nav=low, nav_time=time)


@external
@view
def share() -> address:
    """
    @notice The share token: the Vault itself (ERC-7575).
    """
    return self


@external
@view
def maxDeposit(receiver: address) -> uint256:
    """
    @notice The most that `deposit` takes now; 0 wherever it reverts.
    """
    return self._most(receiver)[0]


@external
@view
def maxMint(receiver: address) -> uint256:
    """
    @notice The same in shares.
    """
    return self._most(receiver)[1]


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


# ---------------------------------------------------------------- inside


@internal
@view
def _mark_to_enter() -> IMark.Mark:
    """
    @dev The mark of now, where deposits are taken.
    """
    assert not self._is_paused(), "vault: paused"
    m: IMark.Mark = valuation._mark(0)
    assert not m.bankrupt, "vault: bankrupt venue"
    return m


@internal
def _enter(
    m: IMark.Mark,
    low: uint256,
    high: uint256,
    assets: uint256,
    minted: uint256,
    receiver: address,
):
    """
    @dev Takes assets in and gives shares out.
    """
    assert low != 0 or shares._supply() < CRUMBS, "vault: no value left"
    assert valuation._is_own(high, m), "vault: high over account"
    assert assets != 0 and minted != 0, "vault: nothing to enter"
    shares._mint(receiver, minted)
    money._pull(msg.sender, assets)
    # Who comes is asked other things than who leaves, and says nothing of how long that one waits.
    valuation._remember(low + assets, high + assets, m, True)
    log IERC4626.Deposit(sender=msg.sender, owner=receiver, assets=assets, shares=minted)


@internal
@view
def _latest(m: IMark.Mark, patience: uint256) -> uint256:
    """
    @return The last epoch that is priced now: any where the moment is calm, else one that waited its
            longest, if as long no mark was calm and the same venues counted, and not right behind
            an outage, in which nobody could leave.
    """
    if m.calm:
        return max_value(uint256)
    since: uint256 = block.timestamp - patience
    if m.resumed or max(staticcall GUARDIAN.counts_since(), shares._unrest()) > since:
        return 0
    return since // HOUR


@internal
def _process(count: uint256, only_marks: bool) -> uint256:
    """
    @notice Redeem up to `count` due epochs at the mark of now, and keep that mark. It says nothing of how
            long those who leave wait, where somebody is due still who could have left by it.
    @dev Longer than a function should be: each epoch is paid at the NAV that the one before it
         left, and what is left at the end is kept.
    @param only_marks Whether the moment need not be one to leave at.
    @return The assets set aside.
    """
    words: uint256[2] = staticcall GUARDIAN.words()
    patience: uint256 = terms.field(words[1], terms.EXIT_WAIT)
    m: IMark.Mark = valuation._mark(patience)
    low: uint256 = 0
    high: uint256 = 0
    low, high = valuation._values(m)
    reserve: uint256 = terms.field(words[0], terms.RESERVE)
    latest: uint256 = self._latest(m, patience)
    assert only_marks or epochs._due() <= latest, "vault: not calm"
    total: uint256 = 0
    for _: uint256 in range(min(count, MAX_EPOCHS), bound=MAX_EPOCHS):
        epoch: uint256 = epochs._due()
        if epoch == 0 or epoch > latest or low == 0:
            break
        # what is cut off is what venues say: nobody is burnt for it, nor paid by it
        assert total != 0 or low < valuation._most_nav(m), "vault: low over account"
        if not nav._has_price(low, high):
            break
        left: uint256 = epochs._left(epoch)
        room: uint256 = nav._exit_room(valuation._own(m), low, reserve, m)
        supply: uint256 = valuation._supply()
        burned: uint256 = left
        assets: uint256 = nav._assets_down(left, low, supply)
        if assets > room:
            burned = min(left, nav._shares_for(room, low, supply))
            assets = nav._assets_down(burned, low, supply)
            if assets == 0:
                break
        shares._burn(self, burned)
        epochs._fill(epoch, burned, assets)
        money._set_aside(assets)
        low -= assets
        high -= min(assets, high)
        total += assets
        log IVault.EpochProcessed(
            epoch=epoch,
            burned=burned,
            assets=assets,
            left=left - burned,
            exits=money._exits(),
        )
        if burned < left:
            break
    is_held: bool = (
        m.calm
        and epochs._due() != 0
        and nav._exit_room(valuation._own(m), low, reserve, m) >= MIN_EXIT
    )
    valuation._remember(low, high, m, is_held)
    return total


@internal
def _leave(
    receiver: address,
    controller: address,
    assets: uint256,
    amount: uint256,
    dust: uint256,
):
    """
    @dev Pays a claim; what rounding left over is the LPs' who stay.
    """
    assert amount != 0, "vault: nothing to claim"
    money._release(assets + dust)
    money._push(receiver, assets)
    log IERC4626.Withdraw(
        sender=msg.sender,
        receiver=receiver,
        owner=controller,
        assets=assets,
        shares=amount,
    )


@internal
@view
def _is_paused() -> bool:
    """
    @dev Whether the Guardian paused opens and deposits.
    """
    return terms.stops_deposits(staticcall GUARDIAN.terms())


@internal
@view
def _most(receiver: address) -> (uint256, uint256):
    """
    @dev The most assets and shares that may enter now. The mark may revert, and a call through an
         interface would revert with it. Want of gas is no word on what may enter: who has too little to be
         told is refused.
    """
    if self._is_paused() or receiver in [empty(address), self]:
        return 0, 0
    last: uint256 = 0
    time: uint256 = 0
    supply: uint256 = 0
    last, time, supply = shares._last()
    is_marked: bool = False
    answer: Bytes[MARK_BYTES] = b""
    is_marked, answer = raw_call(
        valuation.LENS.address,
        abi_encode(last, empty(uint256), method_id=MARK_FOR),
        max_outsize=MARK_BYTES,
        is_static_call=True,
        revert_on_failure=False,
    )
    if is_marked or msg.gas < ENOUGH:
        # once more where it was refused with too little gas: then by name
        m: IMark.Mark = abi_decode(answer, IMark.Mark) if is_marked else valuation._mark(0)
        low: uint256 = 0
        high: uint256 = 0
        low, high = valuation._values(m)
        if not m.bankrupt and (low != 0 or supply < CRUMBS) and valuation._is_own(high, m):
            return nav._most(high, MASK_112 - supply, valuation._supply())
    return 0, 0


@internal
@pure
def _no_preview() -> uint256:
    """
    @dev There is no price before processing.
    """
    raise "vault: asynchronous"
