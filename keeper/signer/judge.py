"""What a signer looks at by itself before it signs a slice. It believes nothing that a keeper says: the
market is the one of its own record, the moment is by its own clock, and volatilities and forwards are those
of its own source, give or take. What a slice is beside those of other expiries on chain the contract checks.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from keeper.execution.asking import AHEAD_SECONDS
from keeper.tables import SignerTable
from tandem.errors import EngineError
from tandem.feeds.surface import Surfaces
from tandem.model.surface_law import Place, refusal
from tandem.model.svi import Slice, unpack
from tandem.plugins import PlugInBrokenError
from tandem.protocol.series import EXPIRY_HOUR
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain
from tandem.units import DAY, YEAR

MOST_DAYS = 60
DEVIATIONS = np.linspace(-2.5, 2.5, 11)
"""From the money; what is farther is worth little, and is cut where the contract would refuse it."""


class No(StrEnum):
    """Why nothing is signed, by name."""

    MARKET = "another market"
    EXPIRY = "no such expiry"
    OLD = "too old"
    FUTURE = "from the future"
    OTHER = "another slice of the same moment is signed already"
    WORD = "no slice"
    LAW = "the contract would refuse it"
    BLIND = "no prices of its own"
    VOLATILITY = "off its own volatility"
    FORWARD = "off its own forward"


@dataclass(slots=True)
class Judge:
    """source: the signer's own; vol: says the level of a modelled one, 1/sqrt(year)."""

    domain: SurfaceDomain
    source: Surfaces
    table: SignerTable
    vol: Callable[[], float]
    clock: Callable[[], float] = time.time
    _last: dict[int, SlicePost] = field(default_factory=dict[int, SlicePost], init=False)

    @staticmethod
    def warm() -> None:
        """Load and compile what judging needs, before anybody waits for a first answer."""
        refusal(Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1), Place(DAY))

    def why_not(self, domain: SurfaceDomain, posts: Sequence[SlicePost]) -> list[str]:
        """Of each slice in order, "" where it may be signed. What may be is taken to be signed."""
        if _lower(domain) != _lower(self.domain):
            return [No.MARKET] * len(posts)
        now = int(self.clock())
        expiries = sorted({p.expiry for p in posts if p.expiry > now})
        try:
            own = {s.expiry: s for s in self.source.slices(now, self.vol(), expiries)}
        except EngineError as error:  # its own node's
            return [f"{No.BLIND}: {error.message}"] * len(posts)
        except PlugInBrokenError as error:
            return [f"{No.BLIND}: {error.message}"] * len(posts)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # a plug-in's
            return [f"{No.BLIND}: {type(error).__name__}"] * len(posts)
        return [self._of(post, own.get(post.expiry), now) for post in posts]

    def _of(self, post: SlicePost, own: Slice | None, now: int) -> str:
        found = self._time(post, now)
        if found:
            return found
        asked = unpack(post.slice_word)
        broken = refusal(asked, Place(post.expiry - now, is_first=False))
        if broken is not None:
            return f"{No.LAW}: {broken}"
        if own is None:
            return No.BLIND
        found = self._off(asked, own, (post.expiry - now) / YEAR)
        if not found:
            self._last[post.expiry] = post
        return found

    def _time(self, post: SlicePost, now: int) -> str:
        """The expiry's, and the moment's."""
        if not now < post.expiry < now + MOST_DAYS * DAY or post.expiry % DAY != EXPIRY_HOUR:
            return No.EXPIRY
        if now - post.valid_from > self.table.oldest_seconds:
            return f"{No.OLD}: {now - post.valid_from} s"
        if post.valid_from - now > AHEAD_SECONDS:
            return f"{No.FUTURE}: {post.valid_from - now} s"
        last = self._last.get(post.expiry)
        if last and last != post and last.valid_from >= post.valid_from:
            return No.OTHER
        return ""

    def _off(self, asked: Slice, own: Slice, tau: float) -> str:
        """Against its own source."""
        forward = abs(math.expm1((asked.basis - own.basis) * tau))
        if forward > self.table.forward_off:
            return f"{No.FORWARD}: by {forward:.2%}, {self.table.forward_off:.2%} is allowed"
        k = DEVIATIONS * float(own.vol(0.0)) * math.sqrt(tau)
        worst = float(np.max(np.abs(asked.vol(k) - own.vol(k))))
        if worst > self.table.vol_off:
            return f"{No.VOLATILITY}: by {100 * worst:.1f} points, {100 * self.table.vol_off:.1f} are allowed"
        return ""


def _lower(domain: SurfaceDomain) -> tuple[int, str, str]:
    return domain.chain_id, domain.surface.lower(), domain.market.lower()
