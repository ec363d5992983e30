"""`verify` finds one fault of each kind, names it and all that follows from it, and finds nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from spoiled import OTHER, REFUSES, Fault, Said, Stands, is_found

from tandem.engine.remote import RemoteEngine
from tandem.protocol.announced import VALIDITY
from tandem.protocol.deployment import Deployment
from tandem.protocol.terms import FIELDS
from tandem.protocol.verifying import LOOKED_THROUGH, verify
from tandem.units import DAY


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
    s.lose(s.chain.exchange.feed.address)


def sequencer(s: Stands) -> None:
    s.lose(s.chain.uptime)


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
    s.lose(s.at("Lens").address)


def other_address(s: Stands) -> None:
    """The record names a contract of ours that is another one's."""
    wrong = s.at("Risk").address
    s.rewrite(lambda raw: raw["contracts"]["Vault"].update(address=wrong))


def other_arguments(s: Stands) -> None:
    """The record's arguments are not what its values give."""
    s.rewrite(lambda raw: raw["contracts"]["VolSurface"]["args"].__setitem__(2, "1"))


def other_account(s: Stands) -> None:
    s.rewrite(lambda raw: raw.update(deployer=s.node.accounts[9]))


def other_number(s: Stands) -> None:
    s.rewrite(lambda raw: raw.update(first=raw["first"] + 1))


def later_block(s: Stands) -> None:
    """A history that began there would have none of what was."""
    s.rewrite(lambda raw: raw.update(block=2**40))


def late_block(s: Stands) -> None:
    """The chain has such a block, and a guardian had paused before it and ended that again."""
    s.acts(s.node.accounts[1], "pause")
    s.owner("unpause")
    s.node.rpc("evm_increaseTime", 2 * DAY + 1)
    s.node.rpc("evm_mine")
    s.owner("apply", FIELDS["flags"].index)
    s.node.rpc("anvil_mine", hex(LOOKED_THROUGH // 2))
    last = int(s.node.rpc("eth_blockNumber"), 16)
    s.rewrite(lambda raw: raw.update(block=last))


def other_init_hash(s: Stands) -> None:
    s.rewrite(lambda raw: raw["contracts"]["Lens"].update(init_hash="0x" + "11" * 32))


def other_code_hash(s: Stands) -> None:
    """By it a keeper halts."""
    s.rewrite(lambda raw: raw["contracts"]["Lens"].update(code_hash="0x" + "11" * 32))


def no_arguments(s: Stands) -> None:
    """It was a traceback."""
    s.rewrite(lambda raw: raw["contracts"]["Underwriter"].update(args=[]))


def no_number(s: Stands) -> None:
    """Python calls it a digit, and cannot read it: it was a traceback."""
    s.rewrite(lambda raw: raw["contracts"]["VolSurface"]["args"].__setitem__(2, "²"))


def other_chain(s: Stands) -> None:
    s.refile("chain_id = 10", "chain_id = 8453")


FAULTS: dict[Fault, Said] = {
    tightened: [("terms.max_trade", "is 150, the file says 200")],
    queued: [("terms.max_trade", "becomes 300 from")],
    offered: [("roles.lister", "may take it from")],
    revoked: [("roles.signers", "does not hold it, as the file says")],
    stranger: [
        ("roles.lister", "holds it, and the file does not name it"),
        ("roles.lister", "does not hold it, as the file says"),
    ],
    paused: [("terms.flags", "a guardian stopped opens")],
    loosened: [("settings.max_age", "is 90000 in the record and 5000 in the file")],
    # a router beside a feed that speaks so often is told no deviation
    recorded: [
        ("ChainlinkSpot arguments", f"{OTHER} 5 is 90000 instead of 5000"),
        ("HedgeRouter arguments", f"{OTHER} 7 is 100 instead of 0"),
    ],
    other_feed: [("venue.feed", "in the file")],
    # what asks the feed fails with it
    silent_feed: [
        ("ChainlinkSpot", REFUSES),
        ("proposals", "cannot be read"),
        ("price feed", "no code at this address"),
    ],
    sequencer: [("sequencer feed", "no code at this address")],
    other_pool: [("venue.pool", "in the file")],
    dead_pool: [
        ("AaveReach", REFUSES),
        ("AaveVenue", REFUSES),
        ("venue.pool", "is no pool of Uniswap v3"),
        ("venue history", "cannot be read"),
    ],
    other_market: [
        ("AaveReach arguments", f"{OTHER} 0 is"),
        ("AaveVenue arguments", f"{OTHER} 2 is"),
        ("venue.provider", "no code at this address"),
    ],
    # proposals are asked of the Lens
    other_code: [("Lens", "not what the sources give"), ("proposals", "cannot be read")],
    no_code: [("Lens", "no code at this address"), ("proposals", "cannot be read")],
    # all that know the Vault were told another
    other_address: [
        ("Vault", "not what the sources give"),
        ("OptionToken arguments", f"{OTHER} 1 is"),
        ("HedgeRouter arguments", f"{OTHER} 1 is"),
        ("MarginDesk arguments", f"{OTHER} 2 is"),
        ("Market arguments", f"{OTHER} 4 is"),
        ("Breaker arguments", f"{OTHER} 2 is"),
    ],
    other_arguments: [
        ("VolSurface", "the sources here are not those that were deployed"),
        ("VolSurface arguments", f"{OTHER} 2 is 1 instead of 2"),
    ],
    other_account: [("deployer", "no contract of the record is of its transactions")],
    other_number: [("deployer", "no contract of the record is of its transactions")],
    later_block: [("block", "and the chain's last one is")],
    late_block: [("block", "is part of its history")],
    other_init_hash: [("Lens", "init_hash is 0x1111")],
    other_code_hash: [("Lens", "code_hash is 0x1111")],
    no_arguments: [
        ("Underwriter", "the record's arguments are not what it is constructed with"),
        ("Underwriter arguments", "0 arguments instead of 1"),
    ],
    no_number: [
        ("VolSurface", "the record's arguments are not what it is constructed with"),
        ("VolSurface arguments", f"{OTHER} 2 is ² instead of 2"),
    ],
    other_chain: [("chain_id", "is 10 in the record and 8453 in the file")],
}


@pytest.mark.sampled(6)
@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_named_and_nothing_else(stands: Stands, fault: Fault) -> None:
    fault(stands)
    is_found(stands, FAULTS[fault])


def test_a_block_in_which_nothing_stood_yet_is_named(
    stands: Stands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a node that keeps old states; this one does not, and is believed to."""
    code = RemoteEngine.code
    monkeypatch.setattr(
        RemoteEngine, "code", lambda e, place: b"" if e.tag == "0x0" else code(e, place)
    )
    stands.rewrite(lambda raw: raw.update(block=0))
    is_found(stands, [("block", "VenueLens did not stand then")])


def test_a_name_of_digits_alone_is_a_name(stands: Stands) -> None:
    """It was a number in the file, and text in the record."""
    stands.rewrite(lambda raw: raw.update(name="10"))
    stands.refile('name = "there"', 'name = "10"')
    assert stands.found() == []


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


def test_an_offer_is_dated_by_when_it_may_be_taken(stands: Stands) -> None:
    """PW-5: not before LPs may have left a venue that was taken down."""
    offered(stands)
    queued(stands)
    guardian = stands.at("Guardian")
    (guard,) = guardian.call("members", 1)
    stands.acts(guard, "take_down")
    held = datetime.fromtimestamp(guardian.call("held_until"), UTC)
    when = held.strftime("from %Y-%m-%d %H:%M UTC on")
    said = [f.fault for f in stands.found() if "from" in f.fault]
    assert len(said) == 2
    assert all(when in fault for fault in said)


def test_what_has_lapsed_is_no_fault(stands: Stands) -> None:
    """Nothing comes of it, and it stays in the Guardian until it is announced anew: "becomes 300" was said of
    it for good."""
    offered(stands)
    stands.node.sync()
    first = stands.node.now()
    queued(stands)
    stands.node.sync()
    apart = stands.node.now() - first  # a second, where the machine took its time
    ready = stands.at("Guardian").call("queued", FIELDS["max_trade"].index)[1]
    for when, number in ((ready - apart, 2), (ready + 1, 0)):
        stands.node.rpc("evm_setNextBlockTimestamp", when + VALIDITY)
        stands.node.rpc("evm_mine")
        assert len([f.fault for f in stands.found() if "from" in f.fault]) == number


def test_that_nothing_was_reviewed_is_named_on_a_chain_of_others(stands: Stands) -> None:
    """It was held to the record alone, without a word; on a chain of one's own it is, as `apply` wrote it."""
    engine, record = stands.chain.engine(), Deployment.load(stands.record)
    (found,) = [each for each in verify(engine, record) if each.fault]
    assert found.name == "file"
    assert "no reviewed file" in found.fault
    assert "pass it with --recipe" in found.fault
    own = verify(engine, replace(record, chain_id=31_337))
    assert "file" not in [each.name for each in own]
