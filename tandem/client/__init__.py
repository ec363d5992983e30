"""The verbs of a market for programs: quote, trade, provide liquidity, govern.

May be used by commands, scripts and notebooks; it encodes nothing that `tandem.protocol` knows, and
prints nothing. Amounts are Decimal, answers frozen dataclasses, refusals named errors.
"""

from tandem.client.client import Client
from tandem.client.session import Bounds, Done, Prepared

__all__ = ["Bounds", "Client", "Done", "Prepared"]
