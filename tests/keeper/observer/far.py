"""A node that is a chain in this process, and how often it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tandem.engine.base import GAS_LIMIT, Tx
from tandem.engine.remote import RemoteEngine
from tandem.engine.revm import RevmEngine
from tandem.engine.rpc import RpcError

Asked = tuple[str, Sequence[Any]]


@dataclass
class Far:
    """It keeps the latest block alone. trips: of each what was asked, a call by the function's selector."""

    chain: RevmEngine
    base_fee: int = 0
    trips: list[list[str]] = field(default_factory=list[list[str]])

    def engine(self, *, batches: bool = True) -> RemoteEngine:
        batch = self.batch if batches else None
        return RemoteEngine(self.request, batch=batch, is_development=False)

    def request(self, method: str, params: Sequence[Any]) -> Any:
        (found,) = self.batch([(method, params)])
        if isinstance(found, RpcError):
            raise found
        return found

    def batch(self, calls: Sequence[Asked]) -> list[Any]:
        self.trips.append([_name(*each) for each in calls])
        return [self._answer(*each) for each in calls]

    def _answer(self, method: str, params: Sequence[Any]) -> Any:
        chain = self.chain
        match method:
            case "eth_chainId":
                return hex(chain.chain_id)
            case "eth_getBlockByNumber":
                head = {"number": hex(chain.block()), "timestamp": hex(chain.now())}
                return head | {"hash": repr(chain.head), "baseFeePerGas": hex(self.base_fee)}
            case "eth_call":
                return self._call(*params)
            case _:
                raise AssertionError(method)

    def _call(self, fields: dict[str, str], tag: str) -> Any:
        if tag != hex(self.chain.block()):
            return RpcError("eth_call", {"code": -32000, "message": "header not found"})
        gas = int(fields.get("gas", hex(GAS_LIMIT)), 16)
        tx = Tx(fields["from"], fields["to"], bytes.fromhex(fields["data"][2:]), gas)
        found = self.chain._static(tx, view="gas" not in fields)
        if found.ok:
            return "0x" + found.output.hex()
        error = {"code": 3, "message": "execution reverted", "data": "0x" + found.output.hex()}
        return RpcError("eth_call", error)


def _name(method: str, params: Sequence[Any]) -> str:
    return str(params[0]["data"][:10]) if method == "eth_call" else method
