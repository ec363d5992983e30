"""What code stands behind others' addresses: venues, tokens and feeds are proxies that somebody changes.

A keeper goes on where one does: a lender that is mended is the same lender, and who stopped hedging for it
would lose more. It says so, and an operator looks at what was changed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eth_utils.address import is_address

from keeper.beside import leave, recalled
from keeper.logs import Log
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError
from tandem.protocol.deployment import Deployment

SECONDS = 600.0
"""After which it is looked at again, where something is to be sent."""
SLOTS = (
    "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc",  # EIP-1967
    "0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50",  # its beacon
    "0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3",  # ZeppelinOS, as USDC has it
)
"""Where a proxy keeps who stands behind it."""


def others(deployment: Deployment) -> dict[str, str]:
    """Addresses that a deployment rests on and did not deploy, by their names in its record."""
    own = {part.address.lower() for part in deployment.contracts.values()}
    named: dict[str, Any] = {**deployment.venue, **deployment.settings}
    return {
        name: value
        for name, value in sorted(named.items())
        if isinstance(value, str)
        and is_address(value)
        and int(value, 16)
        and value.lower() not in own
    }


@dataclass(slots=True)
class Behind:
    """Of one deployment. path: where it is kept what was seen, also by the process before this one."""

    engine: RemoteEngine
    deployment: Deployment
    path: Path
    log: Log
    _next: float = field(default=0.0, init=False)

    def look(self) -> None:
        """Say what has changed since it was seen last. A node that does not answer in full says nothing."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + SECONDS
        listed = others(self.deployment)
        try:
            found = self._found(listed)
        except EngineError:
            return
        known = recalled(self.path, str)
        for name, what in found.items():
            if known.get(name, what) != what:
                self.log.warning(
                    "the code behind an address of others changed",
                    name=name, address=listed[name], before=known[name], now=what,
                )  # fmt: skip
        if found != known:
            leave(self.path, found)

    def _found(self, listed: Mapping[str, str]) -> dict[str, str]:
        """By name: who stands behind it, where it is a proxy."""
        asked = [
            ("eth_getStorageAt", [address, slot, "latest"])
            for address in listed.values()
            for slot in SLOTS
        ]
        words = [int(word, 16) for word in self.engine.request_many(asked)] if asked else []
        of_each = zip(listed, zip(*[iter(words)] * len(SLOTS), strict=True), strict=True)
        return {name: f"0x{max(found):040x}" for name, found in of_each if any(found)}
