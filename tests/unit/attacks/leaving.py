"""What whoever waits to leave does: what anybody may."""

from __future__ import annotations

from contextlib import suppress

from worlds import World

from tandem.errors import Reverted


def leaves(w: World) -> bool:
    """Whether somebody does, as soon as anybody processes; who is refused that marks, at least."""
    with suppress(Reverted):
        return bool(w.tandem.vault.send("process", 1, sender=w.stranger).returned)
    with suppress(Reverted):
        w.tandem.vault.send("poke", sender=w.stranger)
    return False
