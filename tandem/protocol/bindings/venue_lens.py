"""VenueLens, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from tandem.engine.abi import Abi
from tandem.engine.bound import Address, Bound
from tandem.protocol.bindings.structs import VenueView

ABI = Abi.spelled(
    "constructor(address market)",
    "function MARKET() view returns (address)",
    "function venues() view returns ((address,bool,bool,(int256,int256,int256,int256),(uint256,uint256,uint256),(uint256,uint256,uint256),uint256,int256,int256,int256,uint256,uint256,uint256)[])",
    "function view_of(address venue,uint256 spot) view returns ((address,bool,bool,(int256,int256,int256,int256),(uint256,uint256,uint256),(uint256,uint256,uint256),uint256,int256,int256,int256,uint256,uint256,uint256))",
)


class VenueLens(Bound):
    """The hedge venues side by side, in one call: what lies at each, what margin it needs and how
    far the price may move before that is short, what holding costs by sign, and how much more fits.
    Read-only: holds no state and moves nothing."""

    ABI = ABI

    def venues(self) -> tuple[VenueView, ...]:
        """All venues, in the order of the guardians' bits; of one that does not answer its address
        and whether it is down. Never reverts."""
        return tuple([VenueView.decode(each) for each in self.call("venues")])

    def view_of(self, venue: Address, spot: int) -> VenueView:
        """One venue; whether it is down is not looked at. Reverts where it does not answer."""
        return VenueView.decode(self.call("view_of", venue, spot))

    def MARKET(self) -> str:
        return self.call("MARKET")
