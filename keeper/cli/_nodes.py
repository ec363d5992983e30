"""Checks as lines, and what `tandem doctor` says of nodes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from keeper.agreement import said_of
from keeper.execution.asking import AHEAD_SECONDS
from keeper.settings import Settings
from keeper.standing import CLOCK_SECONDS
from tandem.engine.health import ANSWERS
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.handles import Handles
from tandem.terminal.common import told

OK, WARN, FAIL = "ok", "warn", "fail"
FIRST = (
    "repair it, or leave it out of TANDEM_RPC, once `nodes` below says that it is of the same chain"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One check. todo: what to do next, "" where nothing is."""

    state: str
    name: str
    found: str
    todo: str = ""


def shown(line: Line) -> str:
    """As many lines as the terminal makes of it."""
    head, margin = f"{line.state:4}  ", " " * 6
    lines = told(head, f"{line.name}: {line.found}")
    return "\n".join([*lines, *(told(f"{margin}-> ", line.todo) if line.todo else [])])


def others(node: Node, chain_id: int) -> Iterator[Line]:
    """Of several nodes each: one that would not serve is no comfort."""
    if not node.is_several:
        return
    for report in node.each(chain_id):
        name, found = f"node {report.node}", report.state
        if report.state == ANSWERS:
            found = f"{found}, block {report.block}, {report.latency_ms:.0f} ms"
            yield Line(OK, name, found)
        else:
            behind = "behind" in found
            yield Line(
                WARN, name, found, FIRST if behind else "repair it, or leave it out of TANDEM_RPC"
            )


def agreement(node: Node, h: Handles) -> Iterator[Line]:
    """Whether several say the same of a block that all of them have: where two do not nothing is sent, though
    each answers."""
    found = said_of(node, h)
    if found is None:
        return
    block, said = found
    if len(said) == 1:
        yield Line(OK, "nodes", f"{len(said[0])} say the same of block {block}")
        return
    named = "; ".join(", ".join(each) for each in said)
    todo = (
        "leave out of TANDEM_RPC the one that errs: of three the one that is alone, of two the one whose "
        "block another source does not have"
    )
    yield Line(FAIL, "nodes", f"they disagree about block {block} of this market: {named}", todo)


def clock(engine: RemoteEngine, settings: Settings) -> Line:
    """A chain of one's own may be ahead of the world's time; signers in processes of their own go by that."""
    table = settings.surface
    behind = time.time() - engine.now()
    age = f"{behind:.0f} s old" if behind >= 0 else f"{-behind:.0f} s ahead of this machine's clock"
    found = f"the latest block is {age}"
    signs = table.signers or (settings.surface_keys and not engine.is_development)
    if signs and -behind > AHEAD_SECONDS:
        todo = f"no surface is signed for a moment over {AHEAD_SECONDS} s ahead: set this machine's clock"
        return Line(WARN, "clock", f"{found}, so no surface is posted", todo)
    if engine.is_development or abs(behind) <= CLOCK_SECONDS:
        return Line(OK, "clock", found)
    todo = "is the node in sync, and this machine's clock right?"
    return Line(WARN, "clock", found, todo)
