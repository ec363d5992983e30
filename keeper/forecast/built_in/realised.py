"""`realised`: squared moves, exponentially weighted by time."""

from __future__ import annotations

from tandem.feeds.realised import RealisedVol

create = RealisedVol
