"""`verify` over several venues: a fault of a market's id, or of one member, is named as that member's, and
nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chain_of_others import Chain, standing_on
from spoiled import OTHER, REFUSES, Fault, Said, Stands, is_found

from tandem.engine.artifacts import compile_vyper
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.series import next_expiry
from tandem.units import WAD

NO_MARKET = "0x" + "ab" * 32


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    with standing_on("aave+morpho", tmp_path_factory.mktemp("several")) as found:
        yield found


def test_what_apply_left_over_venues_has_no_fault(stands: Stands) -> None:
    assert stands.found() == []


def part(s: Stands, name: str) -> str:
    """What the file that was applied names so."""
    return s.chain.recipe.addresses[name]


def other_id(s: Stands) -> None:
    s.refile(part(s, "morpho.long_market"), NO_MARKET)


def no_market(s: Stands) -> None:
    """The record and the file name one that the lender does not have."""
    s.rewrite(lambda raw: raw["venue"].update({"morpho.long_market": NO_MARKET}))
    other_id(s)


def other_way_round(s: Stands) -> None:
    """The record and the file name both markets, each as the other."""
    short, long = part(s, "morpho.short_market"), part(s, "morpho.long_market")
    swapped = {"morpho.short_market": long, "morpho.long_market": short}
    s.rewrite(lambda raw: raw["venue"].update(swapped))
    for before, after in ((short, NO_MARKET), (long, short), (NO_MARKET, long)):
        s.refile(before, after)


def no_lender(s: Stands) -> None:
    s.lose(part(s, "morpho.lender"))


def no_pool(s: Stands) -> None:
    """Of the other member: each has its own."""
    s.lose(part(s, "aave.pool"))


def other_adapter(s: Stands) -> None:
    place = s.at("MorphoVenue").address
    s.node.rpc("anvil_setCode", place, "0x" + s.node.code(place).hex()[:-2] + "01")


def taken_down(s: Stands) -> None:
    s.acts(s.node.accounts[1], "take_down_one", 1)


def other_set(s: Stands) -> None:
    """The record names the members in another order than that of the guardians' bits."""
    s.rewrite(lambda raw: raw["contracts"]["VenueSet"]["args"][4].reverse())


def grown(s: Stands) -> None:
    """The owner proposes that a member be believed further: nothing that can be read said so."""
    s.owner("propose_growth", 1, -(10**18))


def priced(s: Stands) -> None:
    """What nobody settled in time may settle at what the owner says, by his own proposal alone."""
    engine = RemoteEngine(Node(s.node.url).request, is_development=True, shared=True)
    expiry, market = next_expiry(engine.now(), 8), compile_vyper("Market")
    there = engine.at(market, s.at("Market").address)
    there.send("list_expiry", expiry, [2_500, 5_000], sender=s.node.accounts[2])
    s.node.rpc("evm_setNextBlockTimestamp", expiry + 1)
    s.node.rpc("evm_mine")
    s.owner("propose_price", expiry, 2_500 * WAD)


FAULTS: dict[Fault, Said] = {
    other_id: [("venue.morpho.long_market", f"and {NO_MARKET[:60]} in the file")],
    no_market: [
        ("MorphoReach arguments", f"{OTHER} 2 is"),
        ("MorphoVenue arguments", f"{OTHER} 4 is"),
        ("venue.morpho.lender", "is no lender with these markets"),
    ],
    other_way_round: [
        ("MorphoReach arguments", f"{OTHER} 1 is"),
        ("MorphoVenue arguments", f"{OTHER} 3 is"),
    ],
    no_lender: [
        ("MorphoReach", REFUSES),
        ("MorphoVenue", REFUSES),
        ("venue.morpho.lender", "no code at this address"),
    ],
    no_pool: [
        ("AaveReach", REFUSES),
        ("AaveVenue", REFUSES),
        ("venue.aave.pool", "no code at this address"),
    ],
    other_adapter: [("MorphoVenue", "not what the sources give")],
    grown: [("proposals", "morpho may be believed to hold -1.000000 ETH more from")],
    priced: [("proposals", "may settle at a proposed price from")],
    taken_down: [("terms.flags", "of the venues are down: (1,)")],
    other_set: [
        ("VenueSet", "the sources here are not those that were deployed"),
        ("VenueSet arguments", f"{OTHER} 4 is"),
    ],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_named_as_its_members_and_nothing_else(stands: Stands, fault: Fault) -> None:
    fault(stands)
    is_found(stands, FAULTS[fault])
