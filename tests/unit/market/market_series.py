"""One series of every shape that may be opened."""

from __future__ import annotations

from worlds import World

from tandem.protocol.series import Series

SHAPES = ("capped call", "call spread", "put", "put spread", "far call")


def shape(world: World, name: str) -> Series:
    return {
        "capped call": world.call(2_500),
        "call spread": world.call(2_600, 3_000),
        "put": world.put(2_400),
        "put spread": world.put(2_500, 2_000),
        "far call": world.call(2_750, far=True),
    }[name]
