"""What a rollup takes for a transaction's data, asked of the chain's own fee contract.

On the OP Stack it is paid beside the gas, by the size of the signed transaction after compression; its
contract takes the unsigned one and adds the signature. On Arbitrum it is gas: a node's estimate and a
receipt hold it already, and a chain that others run on a fork of it leaves it out. Sources: the OP Stack's
GasPriceOracle (`getL1Fee`), Nitro's NodeInterface (`gasEstimateL1Component`).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import rlp
from eth_abi.exceptions import DecodingError
from eth_utils.crypto import keccak

from tandem.engine.abi import ETH_ABI
from tandem.engine.backend import BaseEngine
from tandem.engine.base import NOBODY, Tx
from tandem.errors import EngineError

OP_ORACLE = "0x420000000000000000000000000000000000000F"
NITRO_NODE = "0x00000000000000000000000000000000000000C8"
NITRO_CHAINS = frozenset({42_161, 42_170, 421_614})
GAS = 5_000_000
"""Of a question."""
ANY_NONCE = 1_000
"""Two bytes, as of an account that sends for weeks."""


class DataFeeError(EngineError):
    """A chain's fee contract does not say what data costs."""


class Kind(Enum):
    """How a chain is paid for data. BESIDE: in wei, beside the gas; IN_GAS: as gas; NONE: not at all."""

    NONE = "none"
    BESIDE = "beside"
    IN_GAS = "in gas"


def kind_of(engine: BaseEngine) -> Kind:
    """By the chain's number, or by its fee contract."""
    if engine.chain_id in NITRO_CHAINS:
        return Kind.IN_GAS
    return Kind.BESIDE if engine.code(OP_ORACLE) else Kind.NONE


def data_fee(engine: BaseEngine, tx: Tx, kind: Kind | None = None) -> int:
    """Wei for a transaction's data now. kind: where it is known already. Raises DataFeeError where
    the chain's contract says nothing."""
    match kind_of(engine) if kind is None else kind:
        case Kind.BESIDE:
            return _asked(engine, OP_ORACLE, "getL1Fee(bytes)", ["bytes"], [unsigned(engine, tx)])[
                0
            ]
        case Kind.IN_GAS:
            gas, base_fee = _nitro(engine, tx)
            return gas * base_fee
        case Kind.NONE:
            return 0


def data_beside(engine: BaseEngine, tx: Tx) -> int:
    """Wei that a chain takes for data beside the gas, by its fee contract now: 0 where data is gas or costs
    nothing. Raises DataFeeError as `data_fee` does."""
    kind = kind_of(engine)
    return data_fee(engine, tx, kind) if kind is Kind.BESIDE else 0


def gas_of_data(engine: BaseEngine, tx: Tx) -> int:
    """Of a node's estimate, what is for data: 0 but on a Nitro node."""
    if engine.chain_id not in NITRO_CHAINS or not engine.counts_data:
        return 0
    return _nitro(engine, tx)[0]


def unsigned(engine: BaseEngine, tx: Tx) -> bytes:
    """A transaction of type 2 before it is signed, as nodes spell it. Fees, gas and a number that is not told
    stand for as many bytes of any value: what they are is not known yet."""
    nonce = ANY_NONCE if tx.nonce is None else tx.nonce
    to = b"" if tx.to is None else bytes.fromhex(tx.to[2:])
    fee, most = 10**6, 10**8
    fields = [engine.chain_id, nonce, fee, most, tx.gas, to, tx.value, tx.data, []]
    return b"\x02" + rlp.encode(fields)  # pyright: ignore[reportUnknownMemberType]


def _nitro(engine: BaseEngine, tx: Tx) -> tuple[int, int]:
    """Gas for data, and the base fee, wei."""
    args = [tx.to or NOBODY, tx.to is None, tx.data]
    signature = "gasEstimateL1Component(address,bool,bytes)"
    found = _asked(engine, NITRO_NODE, signature, ["address", "bool", "bytes"], args, 3)
    return found[0], found[1]


def _asked(
    engine: BaseEngine,
    who: str,
    signature: str,
    types: Sequence[str],
    args: Sequence[object],
    words: int = 1,
) -> tuple[int, ...]:
    data = keccak(signature.encode())[:4] + ETH_ABI.encode(types, args)
    said = engine.simulate(Tx(engine.accounts[0], who, data, GAS))
    try:
        if not said.ok:
            raise ValueError("refused")
        return tuple(ETH_ABI.decode(["uint256"] * words, said.output))
    except (DecodingError, ValueError) as error:
        raise DataFeeError(
            f"the fee contract {who} of chain {engine.chain_id} does not say what data costs: {error}",
            "ask another node of the chain",
        ) from error
