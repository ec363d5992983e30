"""The exchange's owner turned on a trader, by what the real contracts let him do.

He appoints a list of approvals that approves of everything (`setDelegateApproval`), and a relay whose word
the Vault takes for anybody's (`setTrustedForwarder`). With the one he closes the trader's position in the
pool, with the other he withdraws in the trader's name all that the Vault lets go. The Vault pays it to the
trader: our adapter, out of whose own balance nothing comes back. So it is lost, and no gain of his. The
stand-in is one contract, `contracts/mocks/HostileOwner.vy`; the checks that it meets are the venue's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract, Receipt
from tandem.errors import Reverted
from tandem.units import USD
from tandem.venues import Taken

if TYPE_CHECKING:
    from tandem.venues.curie.exchange import Curie

FOREVER = 2**255


@dataclass(frozen=True, slots=True)
class HostileOwner:
    """Empties accounts. Implements `tandem.venues.Robber`."""

    curie: Curie
    relay: Contract

    @classmethod
    def of(cls, curie: Curie) -> HostileOwner:
        """The owner's two appointments."""
        relay = curie.engine.deploy(compile_vyper("HostileOwner"), sender=curie.owner)
        curie.vault.send("setTrustedForwarder", relay, sender=curie.owner)
        curie.clearing_house.send("setDelegateApproval", relay, sender=curie.owner)
        return cls(curie, relay)

    def take(self, trader: str) -> Taken:
        """Close the position and withdraw everything. What the venue refuses is left and named."""
        receipts: list[Receipt] = []
        try:
            if size := self.curie.position(trader):
                receipts.append(self._close(trader, size))
            amount = self._withdraw(trader, receipts)
        except Reverted as error:
            return Taken(receipts, 0.0, error.reason)
        return Taken(receipts, amount / USD)

    def _close(self, trader: str, size: int) -> Receipt:
        base, sells = self.curie.base, size > 0
        order = (base, sells, sells, abs(size), 0, FOREVER, 0, bytes(32))
        return self.curie.clearing_house.send(
            "openPositionFor", trader, order, sender=self.curie.owner
        )

    def _withdraw(self, trader: str, receipts: list[Receipt]) -> int:
        vault, usdc = self.curie.vault, self.curie.usdc
        amount = int(vault.call("getFreeCollateralByToken", trader, usdc))
        if amount:
            call = vault.abi.function("withdraw", 2).encode((usdc.address, amount))
            to = self.curie.owner
            receipts.append(self.relay.send("forward", vault, call, trader, sender=to))
        return amount
