"""What the last mark of a play counts against who stays, and nobody counts against who left before.

A residual that is nearly as large as the band lets it be leaves no moment calm: low NAV has its hedge at the
worst price, 422 USD for 15 ETH, and who left while it was a little smaller was paid by the 38 that it is
expected to cost. The difference is prudence of a moment and no money: it goes with the next order.
"""

from __future__ import annotations

from worlds import World

from tandem.errors import Reverted
from tandem.units import TO_WAD

ANY = 10**6  # times the NAV, beside which every gap between its two sides is small


def prudence(w: World) -> int:
    """Token units by which low NAV is less than in a calm moment, for the gap between its two sides alone."""
    s, lens = w.tandem.snapshot(), w.tandem.lens
    patience = s.parameters["exit_wait"]
    try:
        marked, calm = (lens.mark_for(s.funds.nav * n, patience) for n in (1, ANY))
    except Reverted:  # nothing is marked, and nobody was paid by it
        return 0
    if marked.calm or not calm.calm:
        return 0
    spared = marked.rehedge_cost - calm.rehedge_cost + calm.equity_low - marked.equity_low
    return max(spared, 0) // TO_WAD
