# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title IndebtedCurie
@license AGPL-3.0-only
@author Tandem contributors
@notice A stand-in for every part of Perp v2 at once whose accounts hold and owe what it is told, to the
        last unit: on the real venue a debt's last digits are nobody's to choose.
"""


struct OpenPositionParams:
    baseToken: address
    isBaseToQuote: bool
    isExactInput: bool
    amount: uint256
    oppositeAmountBound: uint256
    deadline: uint256
    sqrtPriceLimitX96: uint160
    referralCode: bytes32


struct MarketInfo:
    pool: address
    exchangeFeeRatio: uint24
    uniswapFeeRatio: uint24
    insuranceFundFeeRatio: uint24
    maxPriceSpreadRatio: uint24


size: int256
held: int256
owed: int256


@external
def tell(held: int256, owed: int256):
    self.held = held
    self.owed = owed


# @notice Fills at a price of 1, without a fee.
@external
def openPositionFor(trader: address, params: OpenPositionParams) -> (uint256, uint256, uint256):
    change: int256 = convert(params.amount, int256)
    if params.isBaseToQuote:
        change = -change
    self.size += change
    return params.amount, params.amount, 0


# @notice What was filled in truth.
@external
@view
def getTakerPositionSize(trader: address, baseToken: address) -> int256:
    return self.size


@external
@view
def getBalance(trader: address) -> int256:
    return self.held


@external
@view
def getPnlAndPendingFee(trader: address) -> (int256, int256, uint256):
    return self.owed, 0, 0


@external
@view
def getMarketInfoByTrader(trader: address, baseToken: address) -> MarketInfo:
    info: MarketInfo = empty(MarketInfo)
    info.pool = self
    return info


# @notice A pool that keeps as many observations as there can be.
@external
@view
def slot0() -> (uint160, int24, uint16, uint16, uint16, uint8, bool):
    return 2**96, 0, 0, max_value(uint16), max_value(uint16), 0, True


# @notice No margin is asked.
@external
@view
def getMmRatio() -> uint24:
    return 0


@external
@view
def getImRatio() -> uint24:
    return 0


@external
@view
def getMarkPriceConfig() -> (uint32, uint32):
    return 1800, 900


@external
def approve(delegate: address, actions: uint8):
    pass


@external
@view
def getAccountBalance() -> address:
    return self


@external
@view
def getClearingHouseConfig() -> address:
    return self


@external
@view
def getDelegateApproval() -> address:
    return self


@external
@view
def getExchange() -> address:
    return self


@external
@view
def getMarketRegistry() -> address:
    return self


@external
@view
def getSettlementToken() -> address:
    return self


@external
@view
def getVault() -> address:
    return self
