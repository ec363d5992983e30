"""What stands at a deployment's addresses, against what was recorded there: asked before money moves."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from keeper.agreement import LEAVE_OUT, DisagreeError
from tandem.engine.node import WITNESSES
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.errors import TandemError
from tandem.protocol.deployment import Deployment

SECONDS = 60.0
"""After which all is asked again, where something is to be sent."""
GAS = 1_000_000


class CodeChangedError(TandemError):
    """Other code stands where the deployment's was."""


@dataclass(slots=True)
class Codes:
    """The hashes of a deployment's contracts, asked in one call."""

    engine: RemoteEngine
    deployment: Deployment
    _next: float = field(default=0.0, init=False)

    def check(self) -> None:
        """Raises CodeChangedError where one is not what was recorded, DisagreeError where of several nodes
        one alone says so; asks once a minute at the most."""
        now = time.monotonic()
        if now < self._next:
            return
        parts = self.deployment.contracts
        fields = {
            "data": "0x" + _program([part.address for part in parts.values()]).hex(),
            "gas": hex(GAS),
        }
        asked = [fields, "latest"]
        if name := self._other(self.engine.request("eth_call", asked)):
            self._ask_another(asked, name)
            raise CodeChangedError(
                f"other code stands at {name} ({parts[name].address}) than was deployed: nothing is sent",
                "`tandem deploy verify` says of each what it is; name the record of what stands there",
            )
        self._next = now + SECONDS

    def _ask_another(self, asked: list[Any], name: str) -> None:
        """Of several nodes none ends a keeper alone: one that has lost its state says that nothing stands
        anywhere. Raises DisagreeError unless two say the same."""
        node = self.engine.node
        if node is None or not node.is_several:
            return
        said = self.engine.witnesses("eth_call", asked)
        if len(said) < WITNESSES or not all(map(self._other, said)):
            raise DisagreeError(
                f"one node alone says that other code stands at {name}: nothing is sent", LEAVE_OUT
            )

    def _other(self, answer: str) -> str:
        """The first contract that is not what was recorded, by an answer; "" where all are."""
        parts, hashes = self.deployment.contracts, bytes.fromhex(answer[2:])
        if len(hashes) != 32 * len(parts):
            raise RpcError("eth_call", {"message": "no hashes of code"})
        for place, (name, part) in enumerate(parts.items()):
            found = hashes[32 * place : 32 * place + 32].hex()
            if found != part.code_hash.removeprefix("0x"):
                return name
        return ""


def _program(addresses: list[str]) -> bytes:
    """A constructor whose code is the addresses' hashes of code, one word each: nothing is deployed, a call
    only says what it would be."""
    words = b"".join(
        b"\x73"
        + bytes.fromhex(address[2:])
        + b"\x3f\x61"
        + (32 * place).to_bytes(2, "big")
        + b"\x52"
        for place, address in enumerate(addresses)
    )  # PUSH20 address EXTCODEHASH PUSH2 place MSTORE
    return words + b"\x61" + (32 * len(addresses)).to_bytes(2, "big") + b"\x5f\xf3"
