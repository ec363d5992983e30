# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title ArbitrumFees
@license AGPL-3.0-only
@author Tandem contributors
@notice A stand-in for two contracts that Arbitrum's nodes answer for themselves, on local chains: ArbGasInfo,
        and NodeInterface. Its prices are told to it, and its formula is the chain's for an
        estimate. It does not compress: data counts as data that nothing could be taken from.
"""

UNITS: constant(uint256) = 16  # of a byte that compression leaves
WRAPPED: constant(uint256) = 130  # bytes of a transaction besides its data
PADDING: constant(
    uint256
) = 256  # units that an estimate has more, and a hundredth, and a tenth of its price
HUNDRED: constant(uint256) = 10_000

price: uint256  # wei of a unit
base_fee: uint256  # wei of a gas


@external
def say(price: uint256, base_fee: uint256):
    """
    @notice What a unit of data and a gas cost from now on, wei.
    """
    self.price = price
    self.base_fee = base_fee


@external
@view
def getL1BaseFeeEstimate() -> uint256:
    """
    @notice What a unit of data costs, wei.
    """
    return self.price


@external
@view
def getPricesInWei() -> (uint256, uint256, uint256, uint256, uint256, uint256):
    """
    @notice Wei of a transaction's envelope, of a byte of data, of what is newly stored, of a gas, of a gas
            for congestion, of a gas in all.
    """
    byte: uint256 = self.price * UNITS
    return byte * 140, byte, self.base_fee * 20_000, self.base_fee, 0, self.base_fee


@external
@view
def gasEstimateL1Component(
    to: address, creates: bool, data: Bytes[65_536]
) -> (uint64, uint256, uint256):
    """
    @notice What a transaction's data costs, as gas; what a gas costs, wei; what a unit of data costs, wei.
    """
    units: uint256 = (len(data) + WRAPPED) * UNITS + PADDING
    units = units * 10_100 // HUNDRED
    fee: uint256 = self.price * units * 11_000 // HUNDRED
    return convert(fee // self.base_fee, uint64), self.base_fee, self.price
