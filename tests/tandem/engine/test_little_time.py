"""Who asks with little time of his own says nothing of the node that takes longer."""

from __future__ import annotations

import pytest
from test_several_nodes import Chain, two

from tandem.engine.node import Node, NodeDownError

__all__ = ["two"]


def test_who_has_little_time_makes_no_node_rest(two: tuple[Chain, Chain]) -> None:
    """A page of logs that took longer than a look has: for half a second afterwards money would have moved on
    what one of two says."""
    first, second = two
    nodes = Node([first.url, second.url], 20.0, chain_id=7)
    assert len(nodes.witnesses("eth_gasPrice")) == 2
    first.delay = second.delay = 0.4
    with pytest.raises(NodeDownError), nodes.within(0.2, is_strict=False):
        nodes.request("eth_getLogs")
    first.delay = second.delay = 0.0
    assert len(nodes.witnesses("eth_gasPrice")) == 2
    first.delay = second.delay = 0.4
    with pytest.raises(NodeDownError), nodes.within(0.2):
        nodes.request("eth_getLogs")
    first.delay = second.delay = 0.0
    assert len(nodes.witnesses("eth_gasPrice")) < 2
