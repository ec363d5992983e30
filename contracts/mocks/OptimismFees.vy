# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title OptimismFees
@license AGPL-3.0-only
@author Tandem contributors
@notice A stand-in for the oracle of data fees of a rollup of the OP stack (GasPriceOracle), on local chains:
        its prices are told to it, and its formula is that of the Fjord upgrade. It does not compress:
        data counts as data that nothing could be taken from.
"""

# What is charged for, in millionths of a byte: so much, and so much for each byte that compression leaves.
INTERCEPT: constant(int256) = -42_585_600
A_BYTE: constant(uint256) = 836_500
LEAST: constant(int256) = 100 * 10**6
SIGNATURE: constant(uint256) = 68  # bytes that a signed transaction has more
SCALE: constant(uint256) = 10**12  # of that size, and of both scalars

isFjord: public(constant(bool)) = True
decimals: public(constant(uint256)) = 6

l1BaseFee: public(uint256)  # wei per gas
blobBaseFee: public(uint256)
baseFeeScalar: public(uint32)  # millionths
blobBaseFeeScalar: public(uint32)


@external
def say(base_fee: uint256, blob_fee: uint256, base_scalar: uint32, blob_scalar: uint32):
    """
    @notice What data costs from now on: both fees in wei, what each counts in millionths.
    """
    self.l1BaseFee = base_fee
    self.blobBaseFee = blob_fee
    self.baseFeeScalar = base_scalar
    self.blobBaseFeeScalar = blob_scalar


@external
@view
def getL1Fee(data: Bytes[65_536]) -> uint256:
    """
    @notice What a transaction's data costs, wei. @param data The unsigned transaction.
    """
    return self._fee(len(data) + SIGNATURE)


@external
@view
def getL1FeeUpperBound(size: uint256) -> uint256:
    """
    @notice What a transaction of that many bytes costs at the most, wei.
    """
    signed: uint256 = size + SIGNATURE
    return self._fee(signed + signed // 255 + 16)


@internal
@view
def _fee(compressed: uint256) -> uint256:
    price: uint256 = (
        16 * convert(self.baseFeeScalar, uint256) * self.l1BaseFee
        + convert(self.blobBaseFeeScalar, uint256) * self.blobBaseFee
    )
    size: int256 = max(INTERCEPT + convert(A_BYTE * compressed, int256), LEAST)
    return convert(size, uint256) * price // SCALE
