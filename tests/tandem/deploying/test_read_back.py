"""`verify` finds one fault of each kind, names it, and finds nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chain_of_others import Chain

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.deployment import Deployment
from tandem.protocol.outside import Finding
from tandem.protocol.recipe import load_recipe
from tandem.protocol.terms import FIELDS
from tandem.protocol.verifying import verify
from tandem.terminal.deploying import carry_out
from tandem.units import DAY

Fault = Callable[["Stands"], None]


class Stands:
    """A deployment, its record and its file, each of which a test may spoil."""

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


@pytest.fixture(scope="module")
def deployed(standing: Chain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("record") / "there.json"
    with standing.undone():
        carry_out(
            standing.engine(),
            standing.recipe,
            standing.deployer,
            path,
            replace=False,
            said=lambda _: None,
        )
        yield path.read_text()


@pytest.fixture
def stands(standing: Chain, deployed: str, tmp_path: Path) -> Iterator[Stands]:
    file, record = tmp_path / "there.toml", tmp_path / "there.json"
    file.write_text(standing.file.read_text())
    record.write_text(deployed)
    with standing.undone():
        yield Stands(replace(standing, file=file), record)


def test_what_apply_left_has_no_fault(stands: Stands) -> None:
    assert stands.found() == []


def tightened(s: Stands) -> None:
    s.owner("set_term", FIELDS["max_trade"].index, 150)


def queued(s: Stands) -> None:
    s.owner("set_term", FIELDS["max_trade"].index, 300)


def offered(s: Stands) -> None:
    s.owner("offer_role", 2, s.node.accounts[8])


def revoked(s: Stands) -> None:
    s.owner("revoke_role", 3, s.node.accounts[4])


def stranger(s: Stands) -> None:
    """A role that is held by somebody whom the file does not name."""
    s.refile(f'lister = "{s.node.accounts[2]}"', f'lister = "{s.node.accounts[8]}"')


def paused(s: Stands) -> None:
    s.acts(s.node.accounts[1], "pause")


def loosened(s: Stands) -> None:
    """A bound of the spot oracle in the file that is not what stands."""
    s.refile("max_age = 90_000", "max_age = 5_000")


def recorded(s: Stands) -> None:
    """A bound in the record that is not what stands; the file says so as well."""
    s.rewrite(lambda raw: raw["settings"].update(max_age="5000"))
    s.refile("max_age = 90_000", "max_age = 5_000")


def other_feed(s: Stands) -> None:
    s.refile(f'feed = "{s.chain.recipe.addresses["feed"]}"', f'feed = "{s.chain.uptime}"')


def silent_feed(s: Stands) -> None:
    s.node.rpc("anvil_setCode", str(s.chain.exchange.feed.address), "0x")


def sequencer(s: Stands) -> None:
    s.node.rpc("anvil_setCode", s.chain.uptime, "0x")


def other_pool(s: Stands) -> None:
    s.refile(s.chain.recipe.addresses["pool"], s.node.accounts[9])


def dead_pool(s: Stands) -> None:
    s.node.rpc("anvil_setCode", s.chain.recipe.addresses["pool"], "0x60006000fd")


def other_market(s: Stands) -> None:
    s.rewrite(lambda raw: raw["venue"].update(provider=s.node.accounts[9]))
    s.refile(s.chain.recipe.addresses["provider"], s.node.accounts[9])


def other_code(s: Stands) -> None:
    place = s.at("Lens").address
    s.node.rpc("anvil_setCode", place, "0x" + s.node.code(place).hex()[:-2] + "00")


def no_code(s: Stands) -> None:
    s.node.rpc("anvil_setCode", s.at("Lens").address, "0x")


def other_address(s: Stands) -> None:
    """The record names a contract of ours that is another one's."""
    wrong = s.at("Risk").address
    s.rewrite(lambda raw: raw["contracts"]["Vault"].update(address=wrong))


def other_arguments(s: Stands) -> None:
    """The record's arguments are not what its values give."""
    s.rewrite(lambda raw: raw["contracts"]["VolSurface"]["args"].__setitem__(2, "1"))


def other_chain(s: Stands) -> None:
    s.refile("chain_id = 10", "chain_id = 8453")


@pytest.mark.parametrize(
    ("fault", "name", "said"),
    [
        (tightened, "terms.max_trade", "is 150, the file says 200"),
        (queued, "terms.max_trade", "becomes 300 from"),
        (offered, "roles.lister", "may take it from"),
        (revoked, "roles.signers", "does not hold it, as the file says"),
        (stranger, "roles.lister", "holds it, and the file does not name it"),
        (paused, "terms.flags", "a guardian stopped opens"),
        (loosened, "settings.max_age", "is 90000 in the record and 5000 in the file"),
        (recorded, "ChainlinkSpot arguments", "argument 5 is 90000 instead of 5000"),
        (other_feed, "venue.feed", "in the file"),
        (silent_feed, "price feed", "no code at this address"),
        (sequencer, "sequencer feed", "no code at this address"),
        (other_pool, "venue.pool", "in the file"),
        (dead_pool, "venue.pool", ""),
        (other_market, "AaveVenue arguments", "argument"),
        (other_code, "Lens", "not what the sources give"),
        (no_code, "Lens", "no code at this address"),
        (other_address, "Vault", "not what the sources give"),
        (other_arguments, "VolSurface", "the sources here are not those that were deployed"),
        (other_chain, "chain_id", "is 10 in the record and 8453 in the file"),
    ],
)
def test_one_fault_is_named(stands: Stands, fault: Fault, name: str, said: str) -> None:
    fault(stands)
    found = [f"{finding.name}: {finding.fault}" for finding in stands.found()]
    assert any(line.startswith(name) and said in line for line in found), found


def test_a_change_that_is_over_is_a_fault_until_the_file_says_it(stands: Stands) -> None:
    """Queued, then due, then applied, then written into the file."""
    queued(stands)
    stands.node.rpc("evm_increaseTime", 2 * DAY + 1)
    stands.node.rpc("evm_mine")
    stands.owner("apply", FIELDS["max_trade"].index)
    assert [f.fault for f in stands.found()] == [
        f"is 300, the file says 200 ({FIELDS['max_trade'].meaning})"
    ]
    stands.refile("[settings]", "[terms]\nmax_trade = 300\n[settings]")
    assert stands.found() == []
