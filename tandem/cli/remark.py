"""`tandem remark`: mark the book for the jump gate."""

from __future__ import annotations

import rich_click as click

from tandem.client.gate import GateState
from tandem.terminal.common import usd
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "trader"


@click.command()
@writing
def remark(how: How) -> None:
    """Mark the whole book for the jump gate, which opens need once an hour. The keeper does it as a rule;
    anybody may, and it costs gas alone.

    \b
    Examples:
      tandem remark
      tandem remark --dry-run
    """
    prepared = how.connect().prepare_remark()
    carry_out(how, prepared, _shown(prepared.preview), _shown)


def _shown(gate: GateState) -> Pairs:
    return [
        ("worst jump", f"costs LPs {usd(gate.worst)}"),
        ("gate", f"opens may leave {usd(gate.limit)}"),
    ]
