"""Morpho Blue on Base: what its two markets of wrapped ether and the issuer's dollar are.

A market's id is the digest of these, so that an id which comes out proves every one of them.
"""

from __future__ import annotations

from tandem.units import WAD

LENDER = "0xBBBBBbbBBb9cC5e90e3b3Af64bdAF62C37EEFFCb"
"""By its publisher's page of deployments, as the model of rates is."""
RATES = "0x46415998764C29aB2a25CbeA6254146D50D22687"
ORACLES = {
    "short": "0xD09048c8B568Dbf5f189302beA26c9edABFC4858",
    "long": "0xFEa2D58cEfCb9fcb597723c6bAE66fFE4193aFE4",
}
"""Of the market that lends ether for dollars, and of the one that lends dollars for ether."""
LLTV = 86 * WAD // 100
