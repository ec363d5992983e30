"""A relay that shows nobody what it holds until it is in a block, asked before the nodes.

It is a service of somebody's: what it has not brought into a block within some seconds goes to the nodes, for
all to see, and what cannot wait goes there as soon as the relay fails.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from keeper.logs import QUIET, Log
from tandem.engine.answers import says
from tandem.engine.node import Node
from tandem.errors import EngineError

TIMEOUT = 3.0
"""Seconds for its answer."""
KNOWN = ("alreadyknown", "knowntransaction", "alreadyimported", "alreadyexists", "already_exists")
"""What whoever is handed the same bytes again says, and has them; without blanks."""


@dataclass(slots=True)
class Relay:
    """url: its address, of which no more than the host is ever said; seconds: that it has; urgent_seconds:
    for what cannot wait."""

    url: str
    seconds: float
    log: Log = QUIET
    urgent_seconds: float = 12.0
    _node: Node = field(init=False)
    _said: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self._node = Node(self.url, TIMEOUT)

    def takes(self, raw: bytes, age: float, *, urgent: bool) -> bool:
        """Whether the transaction is left to it for now. age: seconds for which its nonce has been."""
        if age > (min(self.seconds, self.urgent_seconds) if urgent else self.seconds):
            self._say("a relay brings it into no block: it goes to the nodes, in public")
            return False
        try:
            self._node.request("eth_sendRawTransaction", ["0x" + raw.hex()])
        except EngineError as error:  # it refuses, or is away
            if says(error.message, *KNOWN):
                return True
            self._say("the relay does not take it", error.message)
            return not urgent
        self._said = ""
        return True

    def _say(self, words: str, reason: str = "") -> None:
        if words + reason != self._said:
            self.log.warning(words, relay=self._node.shown, reason=reason)
        self._said = words + reason

    def close(self) -> None:
        self._node.close()
