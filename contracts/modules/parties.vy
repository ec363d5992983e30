# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title parties
@license AGPL-3.0-only
@author Tandem contributors
@notice Whom a trade meets, fixed for good: the Market names them when it is deployed, the Lens takes
        them over from it.
"""

from ..interfaces import IGuardian
from ..interfaces import IHedgeRouter
from ..interfaces import IHedgeVenue
from ..interfaces import IOptionToken
from ..interfaces import IRisk
from ..interfaces import ISpot
from ..interfaces import IUnderwriter
from ..interfaces import IVault
from ..interfaces import IVolSurface


interface IRouted:
    def VENUE() -> address: view


UNDERWRITER: public(immutable(IUnderwriter))
RISK: public(immutable(IRisk))
SPOT: public(immutable(ISpot))
SURFACE: public(immutable(IVolSurface))
ROUTER: public(immutable(IHedgeRouter))
VAULT: public(immutable(IVault))
OPTION: public(immutable(IOptionToken))
GUARDIAN: public(immutable(IGuardian))
LOT: public(immutable(uint256))
GRAIN: immutable(int256)  # of the venue's base token, WAD: orders are multiples of it
IMPUTED: public(immutable(uint256))  # oracle deviation plus venue fee, WAD fraction

WAD: constant(uint256) = 10**18


@deploy
def __init__(
    underwriter: address,
    spot: address,
    surface: address,
    router: address,
    vault: address,
    option: address,
    guardian: address,
    imputed_cost: uint256,
):
    """
    @param imputed_cost Oracle deviation plus venue fee (WAD fraction of notional): what a trade
           pays on the part of its delta that needed no order.
    """
    assert imputed_cost <= WAD // 20, "market: imputed cost"
    UNDERWRITER = IUnderwriter(underwriter)
    RISK = IRisk(staticcall IUnderwriter(underwriter).RISK())
    SPOT = ISpot(spot)
    SURFACE = IVolSurface(surface)
    ROUTER = IHedgeRouter(router)
    VAULT = IVault(vault)
    OPTION = IOptionToken(option)
    GUARDIAN = IGuardian(guardian)
    venue: IHedgeVenue = IHedgeVenue(staticcall IRouted(router).VENUE())
    LOT = staticcall venue.lot()
    GRAIN = convert(staticcall venue.grain(), int256)
    IMPUTED = imputed_cost
