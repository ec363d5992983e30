"""What V4Pool and its adapter are built on: which pools and references they refuse, and which are one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from morpho_bench import Bench, places
from refusals import refuses
from several import guardian_of
from v4_bench import speaker, traded

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import NOBODY
from tandem.errors import Reverted
from tandem.venues._v4 import Key
from tandem.venues.morpho import MorphoRecipe
from tandem.venues.morpho4 import Morpho4


@pytest.mark.proves("LM-9")
def test_a_pool_with_hooks_or_of_another_key_is_refused(on_v4: Bench) -> None:
    pool = traded(on_v4)
    hooked = replace(pool.key, hooks="0x" + "00" * 18 + "0080")
    native = Key.of(NOBODY, on_v4.morpho.usdc.address, 500, 10)
    for others in (
        {"id": hooked.id},
        {"id": native.id},
        {"fee": 3_000},
        {"spacing": 60},
        {"other": on_v4.stranger},
    ):
        with refuses("pool: another key, or hooks"):
            speaker(on_v4, **others)


@pytest.mark.proves("LM-9")
@pytest.mark.parametrize("place", ["one", "other"])
def test_native_ether_is_refused(on_v4: Bench, place: str) -> None:
    with refuses("pool: native ether"):
        speaker(on_v4, **{place: NOBODY})


@pytest.mark.proves("LM-9")
def test_a_pool_that_nobody_initialised_is_refused(on_v4: Bench) -> None:
    """One whose fee is a hook's among them: without hooks nobody can initialise it."""
    pool = traded(on_v4)
    for fee in (777, 2**23):
        key = replace(pool.key, fee=fee)
        with refuses("pool: not initialised"):
            speaker(on_v4, id=key.id, fee=fee)
    with pytest.raises(Reverted):
        pool.manager.send("initialize", key.words, 2**96, sender=pool.owner)


@pytest.mark.proves("LM-9")
def test_a_reference_of_other_tokens_or_of_a_short_memory_is_refused(on_v4: Bench) -> None:
    morpho, factory = on_v4.morpho, on_v4.morpho.spot.factory
    other = on_v4.engine.deploy(compile_vyper("USDC"), sender=morpho.owner)
    for token, fee, reason in (
        (other, 500, "spot: not their pool"),
        (morpho.usdc, 3_000, "spot: too few observations"),
    ):
        factory.send("createPool", morpho.weth, token, fee, sender=morpho.owner)
        where = factory.call("getPool", morpho.weth, token, fee)
        good = places(morpho, on_v4.router)
        with refuses(reason):
            on_v4.new(*(where if each == morpho.spot.pool.address else each for each in good))


@pytest.mark.proves("LM-9", "VS-1")
def test_two_that_speak_for_one_pool_are_one_market_and_its_reference_is_another(
    on_v4: Bench,
) -> None:
    """By manager and id; a set refuses the one, and takes the other."""
    engine, morpho = on_v4.engine, on_v4.morpho
    assert isinstance(morpho, Morpho4)
    ours = on_v4.venue
    assert ours.call("POOL") == speaker(on_v4).call("MARKET")
    assert ours.call("POOL") not in (ours.call("SPOKEN"), morpho.spot.pool.address)
    assert ours.call("REFERENCE") == morpho.spot.pool.address
    second = replace(morpho.v4.key, fee=3_000, spacing=60)
    morpho.v4.manager.send("initialize", second.words, 2**96, sender=morpho.owner)
    assert speaker(on_v4, id=second.id, fee=3_000, spacing=60).call("MARKET") != ours.call("POOL")
    old = replace(morpho, recipe=MorphoRecipe())
    with refuses("venues: one pool twice"):
        set_of(on_v4, places(morpho, set_place(on_v4)))
    there = set_of(on_v4, places(old, set_place(on_v4), pool=morpho.spot.pool.address))
    assert engine.at(compile_vyper("VenueSet"), there).call("venues")[1] != ours.address


def set_place(bench: Bench) -> str:
    """Where a set will stand whose two members its deployer deploys before it."""
    return bench.engine.next_address(bench.engine.accounts[5], 2)


def set_of(bench: Bench, other: tuple[object, ...]) -> str:
    """A set of an adapter on the pool of v4, and of one that is constructed with these."""
    engine, who = bench.engine, bench.engine.accounts[5]
    morpho, nobody = bench.morpho, bench.stranger
    place = set_place(bench)
    own = places(morpho, place)
    kind = "MorphoV4Venue" if len(other) == len(own) else "MorphoVenue"
    members = [
        engine.deploy(compile_vyper(name), *args, sender=who)
        for name, args in (("MorphoV4Venue", own), (kind, other))
    ]
    told = (nobody, guardian_of(engine, 2), nobody, nobody, members)
    found = engine.deploy(compile_vyper("VenueSet"), *told, sender=who)
    assert found.address == place
    return place
