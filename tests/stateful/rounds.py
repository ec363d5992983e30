"""The rounds of the price feed, all of them: the stand-in on chain forgets what lies 512 rounds back, and an
aggregator that settles an option of two months ago does not."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator
from contextlib import contextmanager
from typing import NamedTuple

from worlds import World

KEPT = 512
"""Rounds that the stand-in keeps; the first of a phase lies apart."""


class Round(NamedTuple):
    """What the feed said: in USD with its decimals, and when."""

    answer: int
    at: int


class Rounds:
    """What one feed has said since a market began. Of one phase, whose times never fall."""

    def __init__(self, world: World) -> None:
        self.feed, self.owner = world.curie.feed, world.curie.owner
        self.last = world.round_id()
        self.first = self.last
        self.said = [self._read(self.last)]

    def hear(self) -> None:
        """Take down what came since; at least once in 512 rounds."""
        latest = int(self.feed.call("latest_id"))
        self.said += [self._read(each) for each in range(self.last + 1, latest + 1)]
        self.last = latest

    def since(self, expiry: int) -> int | None:
        """The round that settles an expiry: the first at or after it."""
        self.hear()
        place = bisect_left(self.said, expiry, key=lambda each: each.at)
        return self.first + place if place < len(self.said) else None

    def of(self, round_id: int) -> Round:
        """What was said in a round."""
        return self.said[round_id - self.first]

    @contextmanager
    def shown(self, round_id: int) -> Generator[None]:
        """While the feed shows a round and the one before it, whatever it has forgotten."""
        lost = [each for each in (round_id - 1, round_id) if self.last - each >= KEPT]
        for each in lost:
            self._write(each)
        try:
            yield
        finally:
            for each in lost:  # what lies in the same place
                self._write(self.last - (self.last - each) % KEPT)

    def _read(self, round_id: int) -> Round:
        _, answer, _, at, _ = self.feed.call("getRoundData", round_id)
        return Round(answer, at)

    def _write(self, round_id: int) -> None:
        answer, at = self.of(round_id)
        told = (round_id, answer, at, at, round_id)
        self.feed.send("set_round", *told, sender=self.owner)
