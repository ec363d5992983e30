# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize
"""
@title Bounty
@license AGPL-3.0-only
@author Tandem contributors
@notice Pays whoever brings the residual home while nobody else does. Anybody stamps that it is past the
        trigger; from then on what a rebalance is paid rises from nothing to one and a half times its
        gas within ten minutes. It is never more than a tenth of the risk that it takes away, than
        what is left of a day's budget, nor than what the Vault may lend and the next top-up does not need.
@dev The hedge does not need it: `Market.rebalance` is open to anybody, and what fails here stops nothing.

     Residual that came after the stamp earns nothing. A stamp is void after a day, and once anything of the
     residual went home by another way: the router's ledger says so.

     The data fee of a rollup comes from its own oracle, asked by `raw_call`: who does not answer with
     one word adds nothing, and what is believed is bounded as everything else.

     Gas is paid in ether and counts at ether's price: of a market on ether the spot that its residual is
     valued by, of any other what `ETHER_SPOT` says. Where that says none the gas is worth nothing.
"""

from .interfaces import IBounty
from .interfaces import IEther
from .interfaces import IHedgeRouter
from .interfaces import IMarket
from .interfaces import IRisk
from .interfaces import IUnderwriter
from .lib import book_words
from .lib import crossings
from .lib import margin
from .lib import pacing
from .lib import terms
from .modules import parties
from .modules import trades

implements: IBounty

initializes: parties
initializes: trades[parties := parties]


interface ILedger:
    def ledger() -> pacing.Ledger: view


interface IRouterParties:
    def VENUE() -> address: view


interface IMarketParties:
    def UNDERWRITER() -> address: view
    def SPOT() -> address: view
    def SURFACE() -> address: view
    def ROUTER() -> address: view
    def VAULT() -> address: view
    def OPTION() -> address: view
    def GUARDIAN() -> address: view
    def IMPUTED() -> uint256: view


MARKET: public(immutable(IMarket))
DATA_FEES: public(
    immutable(address)
)  # the rollup's own oracle of data fees; nobody where it has none
ETHER_SPOT: public(
    immutable(IEther)
)  # what ether costs; the market's own spot where that is ether's
VENUE: immutable(address)

# What a rebalance takes, the median of a month on the venue, and the bytes of its transaction.
GAS: public(constant(uint256)) = 1_000_000
BYTES: constant(uint256) = 200
RAMP: public(constant(uint256)) = 600  # seconds from nothing to one and a half times the gas
LASTS: public(constant(uint256)) = 86_400  # seconds for which a stamp stands

WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12
MINUTE: constant(uint256) = 60
DAY: constant(uint256) = 86_400
SLOTS: constant(uint256) = 8
ROOT_OF_A_DAY: constant(uint256) = 52_342_392_259_021_369  # of a year, WAD
LEAST_SIGMA: constant(uint256) = WAD // 5
MOST_SIGMA: constant(uint256) = 3 * WAD
ASK: constant(uint256) = 100_000  # gas for the oracle of data fees
MOST_DATA_FEE: constant(uint256) = 10**18  # wei

_crossing: uint256  # layout: lib/crossings.vy
_beside: uint256


@deploy
def __init__(market: address, data_fees: address, ether_spot: address):
    """
    @param market Whose residual it is; whom it meets is asked of it.
    @param data_fees Answers `getL1FeeUpperBound(uint256)` in wei; nobody where data costs nothing.
    @param ether_spot Says what ether costs: the market's own spot where the market is on ether.
    """
    assert ether_spot != empty(address), "bounty: no ether price"
    MARKET = IMarket(market)
    DATA_FEES = data_fees
    ETHER_SPOT = IEther(ether_spot)
    m: IMarketParties = IMarketParties(market)
    parties.__init__(
        staticcall m.UNDERWRITER(),
        staticcall m.SPOT(),
        staticcall m.SURFACE(),
        staticcall m.ROUTER(),
        staticcall m.VAULT(),
        staticcall m.OPTION(),
        staticcall m.GUARDIAN(),
        staticcall m.IMPUTED(),
    )
    VENUE = staticcall IRouterParties(parties.ROUTER.address).VENUE()


# ---------------------------------------------------------------- the stamp


@external
def stamp():
    """
    @notice Note that the residual is past the trigger. Anybody may. One that stands is not renewed.
    """
    word: uint256 = staticcall parties.GUARDIAN.terms()
    trades._check_up(word)
    state: trades.State = trades._read(word, staticcall MARKET.open_book(0), False)
    now: IUnderwriter.Stance = staticcall parties.UNDERWRITER.homing(
        self._exposure(state), state.desk, 0
    )
    c: crossings.Crossing = self._standing()
    assert c.time == 0 or (c.residual > 0) != (now.residual > 0), "bounty: stamped already"
    c.time = block.timestamp
    c.residual = now.residual
    c.sigma = self._sigma(state.book.rows, state.desk.spot)
    self._keep(c, crossings.paid(self._beside))
    log IBounty.Stamped(caller=msg.sender, residual=now.residual, sigma=c.sigma)


@internal
@view
def _exposure(state: trades.State) -> IRisk.Exposure:
    """
    @notice Greeks of the book.
    """
    return staticcall parties.RISK.exposure(state.book.rows, state.desk.spot, block.timestamp)


@internal
@view
def _sigma(rows: uint256[6][SLOTS], spot: uint256) -> uint256:
    """
    @return Volatility at the money of the next expiry that is open, held between a fifth and three.
    """
    next: uint256 = max_value(uint256)
    word: uint256 = 0
    for slot: uint256 in range(SLOTS):
        expiry: uint256 = book_words.expiry_of(rows[slot][0])
        if expiry > block.timestamp and expiry < next:
            next = expiry
            word = rows[slot][1]
    if word == 0:
        return LEAST_SIGMA
    strike: uint256 = (spot + WAD // 2) // WAD
    sigma: uint256 = (
        staticcall parties.RISK.volatility(word, spot, strike, next - block.timestamp)
    )[0]
    return min(max(sigma, LEAST_SIGMA), MOST_SIGMA)


@internal
@view
def _standing() -> crossings.Crossing:
    """
    @return The stamp that stands, or none.
    """
    c: crossings.Crossing = crossings.unpack(self._crossing, self._beside)
    now: pacing.Ledger = staticcall ILedger(parties.ROUTER.address).ledger()
    if block.timestamp > c.time + LASTS or now.time != c.order_time or now.spent != c.spent:
        return empty(crossings.Crossing)
    return c


@internal
def _keep(of: crossings.Crossing, paid: crossings.Paid):
    """
    @notice Remember a stamp, with what the router has sent so far, and what was paid.
    """
    c: crossings.Crossing = of
    now: pacing.Ledger = staticcall ILedger(parties.ROUTER.address).ledger()
    c.order_time = now.time
    c.spent = now.spent
    self._crossing = crossings.pack(c) if c.time != 0 else 0
    self._beside = crossings.pack_beside(c.spent, paid)


# ---------------------------------------------------------------- the payment


@external
def rebalance(target: int256, recipient: address, least: uint256) -> uint256:
    """
    @notice Rebalance, as the Market lets anybody, and be paid for it. Reverts where what is due is under
            `least`.
    @param target As the Market's. @param recipient Who is paid.
    @return What was paid, token units.
    """
    c: crossings.Crossing = self._standing()
    home: IMarket.Homing = extcall MARKET.rebalance(target)
    paid: crossings.Paid = self._paid_today()
    found: IBounty.Due = self._due(c, home, paid.amount, block.basefee)
    assert found.amount >= least, "bounty: under least"
    if home.order == 0:
        return 0
    goes_on: bool = (
        (c.residual > 0) == (home.before > 0)
        and convert(min(abs(home.before), abs(home.after)), uint256) >= home.trigger
    )
    if c.time != 0 and goes_on:
        c.residual = crossings.left(c.residual, home.after)
    else:
        c = empty(crossings.Crossing)
    paid.amount += found.amount
    self._keep(c, paid)
    if found.amount != 0:
        extcall MARKET.reward(recipient, found.amount)
        log IBounty.BountyPaid(
            recipient=recipient,
            amount=found.amount,
            order=home.order,
            before=home.before,
            after=home.after,
        )
    return found.amount


@internal
@view
def _paid_today() -> crossings.Paid:
    """
    @return What was paid today.
    """
    paid: crossings.Paid = crossings.paid(self._beside)
    today: uint256 = block.timestamp // DAY
    return paid if paid.day == today else crossings.Paid(day=today, amount=0)


@internal
@view
def _due(
    c: crossings.Crossing, home: IMarket.Homing, paid: uint256, base_fee: uint256
) -> IBounty.Due:
    """
    @notice What a rebalance is paid, and what bounds it. Where nothing is due by time or risk nobody asks
            after the rest.
    """
    found: IBounty.Due = IBounty.Due(
        time=c.time,
        stamped=c.residual,
        residual=home.before,
        trigger=home.trigger,
        sigma=c.sigma,
        by_gas=0,
        by_risk=0,
        by_day=0,
        by_floor=0,
        amount=0,
    )
    if c.time == 0 or convert(abs(home.before), uint256) < home.trigger:
        return found
    passed: uint256 = min(block.timestamp - c.time, RAMP)
    fee: uint256 = base_fee * GAS + self._data_fee()
    part: uint256 = self._part(c)
    of_gas: uint256 = self._ether(home.spot)
    found.by_gas = fee * of_gas // WAD * 3 * passed * part // (2 * RAMP * MINUTE) // TO_WAD
    removed: uint256 = crossings.removed(c.residual, home.before, home.after)
    risk: uint256 = removed * home.spot // WAD * c.sigma // WAD * ROOT_OF_A_DAY // WAD
    found.by_risk = risk // 10 // TO_WAD
    due: uint256 = min(found.by_gas, found.by_risk)
    if due == 0:
        return found
    words: uint256[2] = staticcall parties.GUARDIAN.words()
    nav: uint256 = (staticcall parties.VAULT.funds()).nav
    budget: uint256 = nav * terms.field(words[1], terms.BOUNTY) // 100_000
    found.by_day = budget - min(budget, paid)
    headroom: uint256 = margin.headroom(nav, words[0])
    account: IHedgeRouter.HedgeAccount = staticcall parties.ROUTER.account(home.spot, headroom)
    lacks: uint256 = account.top_up - account.barred
    lendable: uint256 = staticcall parties.VAULT.would_lend(VENUE)
    found.by_floor = lendable - min(lendable, lacks)
    found.amount = min(due, min(found.by_day, found.by_floor))
    return found


@internal
@view
def _part(c: crossings.Crossing) -> uint256:
    """
    @return Seconds of a minute since a part of the same residual was paid for: the pace lets one go each
            minute, and who splits it is not paid its gas twice.
    """
    if c.order_time < c.time:
        return MINUTE
    return min(block.timestamp - c.order_time, MINUTE)


@internal
@view
def _ether(spot: uint256) -> uint256:
    """
    @param spot The asset's, WAD USD.
    @return What ether costs, WAD USD; nothing where that is not known.
    """
    if ETHER_SPOT.address == parties.SPOT.address:
        return spot
    price: uint256 = 0
    time: uint256 = 0
    is_known: bool = False
    price, time, is_known = staticcall ETHER_SPOT.peek()
    return price if is_known else 0


@internal
@view
def _data_fee() -> uint256:
    """
    @return What the rollup takes for the transaction's data, wei; nothing where nobody says.
    """
    if DATA_FEES == empty(address):
        return 0
    good: bool = False
    answer: Bytes[32] = b""
    good, answer = raw_call(
        DATA_FEES,
        abi_encode(BYTES, method_id=method_id("getL1FeeUpperBound(uint256)")),
        max_outsize=32,
        gas=ASK,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not good or len(answer) != 32:
        return 0
    return min(convert(answer, uint256), MOST_DATA_FEE)


# ---------------------------------------------------------------- views


@external
@view
def due(base_fee: uint256) -> IBounty.Due:
    """
    @notice What bringing all of the residual home would be paid now, and what bounds it. A call has no base
            fee of its own on every node.
    @param base_fee Wei a gas.
    """
    word: uint256 = staticcall parties.GUARDIAN.terms()
    trades._check_up(word)
    state: trades.State = trades._read(word, staticcall MARKET.open_book(0), False)
    now: IUnderwriter.Stance = staticcall parties.UNDERWRITER.stance(
        self._exposure(state), state.desk
    )
    home: IMarket.Homing = IMarket.Homing(
        order=-now.residual,
        before=now.residual,
        after=0,
        trigger=max(now.width, now.trigger),
        spot=state.desk.spot,
    )
    return self._due(self._standing(), home, self._paid_today().amount, base_fee)


@external
@view
def paid_today() -> uint256:
    """
    @notice What bounties took since midnight UTC, token units, whether one is offered or none.
    """
    return self._paid_today().amount
