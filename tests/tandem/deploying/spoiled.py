"""A deployment, its record and its file, each of which a test may spoil; and what `verify` then finds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from chain_of_others import Chain

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.deployment import Deployment
from tandem.protocol.finding import Finding
from tandem.protocol.recipe import load_recipe
from tandem.protocol.verifying import verify
from tandem.terminal.deploying import carry_out

Fault = Callable[["Stands"], None]
Said = list[tuple[str, str]]
"""Of each finding its name, and words of it."""
OTHER = "what it was constructed with is not what the record's values give: argument"
REFUSES = "its constructor refuses what it stands on now"


class Stands:
    """A deployment, its record and its file."""

    def __init__(self, chain: Chain, record: Path) -> None:
        self.chain = chain
        self.node = chain.node
        self.record = record
        self.file = chain.file

    def found(self) -> list[Finding]:
        record, file = Deployment.load(self.record), load_recipe(self.file)
        engine = RemoteEngine(self.chain.engine().request, is_development=False)
        return [finding for finding in verify(engine, record, file) if finding.fault]

    def at(self, name: str) -> Contract:
        where = Deployment.load(self.record).address(name)
        return self.node.at(compile_vyper(name), where)

    def owner(self, fn: str, *args: Any) -> None:
        """The owner does something: it is a contract, which the node speaks for."""
        who = self.at("Guardian").call("owner")
        self.node.rpc("anvil_impersonateAccount", who)
        self.node.rpc("anvil_setBalance", who, hex(10**18))
        self.acts(who, fn, *args)

    def acts(self, who: str, fn: str, *args: Any) -> None:
        """Somebody does something with the Guardian."""
        engine = RemoteEngine(Node(self.node.url).request, is_development=True, shared=True)
        engine.at(compile_vyper("Guardian"), self.at("Guardian").address).send(
            fn, *args, sender=who
        )

    def rewrite(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Somebody changes the record."""
        raw = json.loads(self.record.read_text())
        change(raw)
        self.record.write_text(json.dumps(raw))

    def refile(self, before: str, after: str) -> None:
        """Somebody changes the file."""
        text = self.file.read_text()
        assert before in text
        self.file.write_text(text.replace(before, after))

    def lose(self, place: str) -> None:
        """The code at a place is gone."""
        self.node.rpc("anvil_setCode", place, "0x")


def is_found(stands: Stands, said: Said) -> None:
    """What is said, in this order, and nothing else."""
    found = stands.found()
    assert [finding.name for finding in found] == [name for name, _ in said], found
    for finding, (_, words) in zip(found, said, strict=True):
        assert words in finding.fault


def deployed_on(chain: Chain, record: Path) -> str:
    """What `apply` writes down."""
    carry_out(
        chain.engine(), chain.recipe, chain.deployer, record, replace=False, said=lambda _: None
    )
    return record.read_text()


@contextmanager
def standing_there(chain: Chain, deployed: str, folder: Path) -> Iterator[Stands]:
    """As it was, whatever the tests before did. deployed: the record."""
    file, record = folder / "there.toml", folder / "there.json"
    file.write_text(chain.file.read_text())
    record.write_text(deployed)
    with chain.undone():
        yield Stands(replace(chain, file=file), record)
