"""A market that lives and its page, and the record of one that nobody asks anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Window, living

from tandem.protocol.deploy import order
from tandem.venues import recipe


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with living(tmp_path_factory.mktemp("up")) as found:
        yield found


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A deployment's file as a deployer has it; nothing of it is asked of a chain here."""
    curie = recipe("curie")
    address = "0x" + "{:040x}"
    contracts = {
        name: {"address": address.format(i + 1), "args": [], "init_hash": "0x", "code_hash": "0x"}
        for i, name in enumerate(order(curie, "ETH"))
    }
    venue = {name: address.format(100 + i) for i, name in enumerate(curie.needed)}
    file = tmp_path / "deployment.json"
    file.write_text(
        json.dumps({
            "name": "somewhere", "chain_id": 10, "block": 1, "deployer": address.format(1), "first": 0,
            "contracts": contracts, "venue": {"kind": "curie", **venue},
            "roles": {"guardian": address.format(1), "lister": address.format(1),
                      "signers": [address.format(1)], "owner": address.format(1)},
            "settings": {},
        })
    )  # fmt: skip
    return file
