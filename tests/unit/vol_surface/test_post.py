"""VolSurface.post: signed, newer, fresh, bounded in level and in movement (R15)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_account import Account
from quick_chain import Env, reverts
from surface_bench import DAY, FLAT, KEYS, Bench, env

from tandem.model.svi import Slice, pack
from tandem.protocol import terms
from tandem.protocol.surface_signing import SlicePost, sign, signer_of

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def refuses(bench: Bench, reason: str, expiry: int, *args, **changes) -> None:
    with reverts(reason):
        bench.post(expiry, *args, **changes)


def flat(vol: float, **changes):
    """A slice whose volatility at the money is `vol`, with the default's smile."""
    return replace(FLAT, a=vol * vol - FLAT.b * FLAT.s, **changes)


# ---------------------------------------------------------------- signatures


@pytest.mark.proves("SF-1")
def test_r15_a_slice_with_enough_signatures_is_taken_from_anybody(bench):
    expiry = bench.expiry(20)
    bench.market.list_expiry(expiry)
    call = bench.signed(expiry)
    bench.surface.post(*call, sender=env.generate_address("relayer"))
    assert bench.reads(expiry).slices[expiry] == pack(FLAT)


@pytest.mark.proves("SF-1")
@pytest.mark.parametrize("keys", [[], KEYS[:1]])
def test_r15_too_few_signatures_are_refused(bench, keys):
    refuses(bench, "surface: too few signatures", bench.expiry(20), keys=keys)


@pytest.mark.proves("SF-1")
def test_r15_one_signer_twice_is_refused(bench):
    refuses(bench, "surface: signers not ascending", bench.expiry(20), keys=[KEYS[0]] * 2)


def test_r15_signers_out_of_order_are_refused(bench):
    call = bench.signed(bench.expiry(20))
    with reverts("surface: signers not ascending"):
        bench.surface.post(*call[:3], call[3][::-1])


@pytest.mark.proves("SF-1")
def test_r15_a_stranger_among_the_signers_is_refused(bench):
    stranger = Account.create()
    refuses(bench, "surface: not a signer", bench.expiry(20), keys=[stranger, *KEYS])


def test_r15_a_signer_whose_role_was_taken_counts_no_more(bench):
    bench.guardian.revoke_role(3, KEYS[1].address, sender=KEYS[1].address)
    refuses(bench, "surface: not a signer", bench.expiry(20))


@pytest.mark.proves("SF-1")
@pytest.mark.parametrize(
    "change",
    [
        {"domain": {"chain_id": 7}},
        {"domain": {"surface": "0x" + "11" * 20}},
        {"domain": {"market": "0x" + "11" * 20}},
    ],
)
def test_r15_a_signature_for_another_chain_contract_or_market_is_refused(bench, change):
    with reverts():
        bench.post(bench.expiry(20), **change)
    assert bench.surface.slices() == []


@pytest.mark.proves("SF-1")
@pytest.mark.parametrize("place", range(3))
def test_r15_a_signature_binds_every_field(bench, place):
    call = bench.signed(bench.expiry(20), valid_from=env.timestamp - 5)
    call[place] += DAY if place == 0 else 1
    with reverts():
        bench.surface.post(*call)
    assert bench.surface.slices() == []


def test_r15_the_malleable_twin_of_a_signature_is_refused(bench):
    call = bench.signed(bench.expiry(20))
    v, r, s = call[3][0]
    call[3][0] = (55 - v, r, ORDER - s)
    with reverts("surface: malleable signature"):
        bench.surface.post(*call)
    call[3][0] = (v + 2, r, s)
    with reverts("surface: malleable signature"):
        bench.surface.post(*call)


def test_r15_the_larger_half_of_what_a_signature_may_be_is_refused_and_no_more(bench):
    """EIP-2: s up to half the order; a signature that ends there is looked at, and here is a stranger's."""
    call = bench.signed(bench.expiry(20))
    v, r, _ = call[3][0]
    for s, reason in ((ORDER // 2, "not a signer"), (ORDER // 2 + 1, "malleable signature")):
        call[3][0] = (v, r, s)
        with reverts(f"surface: {reason}"):
            bench.surface.post(*call)


def test_r15_a_signature_that_recovers_nobody_is_refused(bench):
    call = bench.signed(bench.expiry(20))
    call[3][0] = (27, 0, 1)
    with reverts("surface: bad signature"):
        bench.surface.post(*call)


def test_the_keepers_digest_is_the_contracts(bench):
    post = SlicePost(bench.expiry(20), pack(FLAT), 5)
    (signature,) = sign(bench.domain, post, [KEYS[0]])
    assert signer_of(bench.domain, post, signature) == KEYS[0].address


# ---------------------------------------------------------------- time and order


@pytest.mark.proves("UN-2", "SF-6")
def test_r17_only_a_listed_expiry_ahead_has_a_place(bench):
    """SF-6: "Only a listed expiry has a slice: nothing that is signed for another is taken." """
    expiry = bench.expiry(20)
    call = bench.signed(expiry)
    with reverts("book: expiry not listed"):
        bench.surface.post(*call)
    bench.market.list_expiry(expiry)
    bench.surface.post(*call)
    past = bench.signed(bench.expiry(-1))
    with reverts("surface: expired"):
        bench.surface.post(*past)


@pytest.mark.proves("SF-2")
def test_r15_data_from_the_future_or_from_long_ago_is_refused(bench):
    expiry, now = bench.expiry(20), env.timestamp
    refuses(bench, "surface: from the future", expiry, valid_from=now + 1)
    refuses(bench, "surface: too old", expiry, valid_from=now - 451)
    bench.post(expiry, valid_from=now - 450)


@pytest.mark.proves("SF-2")
def test_r15_a_slice_is_never_posted_twice_nor_out_of_order(bench):
    """SF-2: "It describes a later moment than the last …" """
    expiry, start = bench.expiry(20), env.timestamp
    bench.market.list_expiry(expiry)
    call = bench.signed(expiry)
    bench.surface.post(*call)
    env.time_travel(seconds=100)
    with reverts("surface: not newer"):
        bench.surface.post(*call)
    refuses(bench, "surface: not newer", expiry, valid_from=start)
    refuses(bench, "surface: not newer", expiry, valid_from=start - 1)
    bench.post(expiry, valid_from=start + 1)


def test_r15_whatever_the_slot_a_slice_has_one_before_it(bench):
    expiries = [bench.expiry(days) for days in range(1, 9)]
    for expiry in expiries:
        bench.post(expiry)
    assert {bench.market.slot_of(expiry) for expiry in expiries} == set(range(8))
    for expiry in expiries:
        refuses(bench, "surface: not newer", expiry)


@pytest.mark.proves("SF-2")
def test_r29_no_slice_keeps_the_next_one_away(bench):
    """R29: "no signed or posted value … orders itself by a number that somebody chose". What was the
    largest number is the chain's own time: a second later there is a newer one."""
    expiry = bench.expiry(20)
    refuses(bench, "surface: from the future", expiry, valid_from=2**256 - 1)
    refuses(bench, "surface: from the future", expiry, valid_from=env.timestamp + 1)
    for _ in range(5):
        bench.post(expiry)
        env.time_travel(seconds=60)
        bench.post(expiry, valid_from=env.timestamp)
        env.time_travel(seconds=60)


def test_r15_two_posts_inside_the_window_are_refused(bench):
    expiry = bench.expiry(20)
    bench.post(expiry)
    env.time_travel(seconds=59)
    refuses(bench, "surface: too soon", expiry)
    env.time_travel(seconds=1)
    bench.post(expiry)


@pytest.mark.parametrize("age", [60, 61, 119])
def test_r15_a_slice_can_be_replaced_before_half_of_its_age(bench, age):
    """SF-5: no window, which may be longer than the age, keeps the surface stale."""
    expiry = bench.expiry(20)
    with env.anchor():
        owner = bench.guardian.owner()
        for name, amount in (("surface_age", age), ("surface_window", 900)):
            bench.guardian.set_term(terms.FIELDS[name].index, amount, sender=owner)
        env.time_travel(seconds=bench.guardian.DELAY())
        for name in ("surface_window", "surface_age"):  # a lower age holds what else is ready
            bench.guardian.apply(terms.FIELDS[name].index, sender=owner)
        bench.post(expiry)
        env.time_travel(seconds=age // 2 - 1)
        refuses(bench, "surface: too soon", expiry)
        env.time_travel(seconds=1)
        bench.post(expiry)


def test_r15_one_signature_is_enough_on_a_chain_of_ones_own_alone(bench):
    """R29, R39: no single key writes the surface of a public chain."""
    for chain, good in ((31_337, True), (1_337, True), (1, False), (42_161, False)):
        there = Env(chain_id=chain)
        if good:
            there.load("VolSurface", bench.market, bench.guardian, 1)
        else:
            with reverts("surface: one signature"):
                there.load("VolSurface", bench.market, bench.guardian, 1)


def test_the_threshold_is_sensible(bench):
    for threshold in (0, 17):
        with reverts("surface: threshold"):
            env.load("VolSurface", bench.market, bench.guardian, threshold)


# ---------------------------------------------------------------- bounds


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"a": 30.1}, "level"), ({"a": -30.1}, "level"), ({"b": 60.1}, "level"),
        ({"rho": 0.9991}, "skew"), ({"rho": -0.9991}, "skew"), ({"m": 2.01}, "skew"),
        ({"m": -2.01}, "skew"), ({"s": 0.0009}, "curvature"), ({"s": 5.01}, "curvature"),
        ({"basis": 0.51}, "basis"), ({"basis": -0.51}, "basis"),
        ({"stickiness": 2.01}, "stickiness"),
    ],
)  # fmt: skip
def test_r15_every_field_of_a_slice_is_bounded(bench, change, reason):
    refuses(bench, f"surface: {reason} bounds", bench.expiry(20), replace(FLAT, **change))


@pytest.mark.parametrize(
    ("vol", "good"), [(0.101, True), (0.099, False), (2.99, True), (3.01, False)]
)
def test_r15_the_first_slice_of_an_expiry_has_wide_bounds(bench, vol, good):
    smile = replace(flat(vol), b=0.01, a=vol * vol - 0.01 * FLAT.s)
    if good:
        bench.post(bench.expiry(20), smile)
    else:
        refuses(bench, "surface: first level", bench.expiry(20), smile)


def test_r15_a_first_slice_may_rise_past_the_bound_beside_spot(bench):
    rising = Slice(a=8.0, b=7.0, rho=0.9, m=0.0, s=0.1)
    assert float(rising.vol(0.0)) < 3.0 < float(rising.vol(0.08))
    bench.post(bench.expiry(5), rising)


def test_r15_a_first_slice_may_not_fall_to_the_bound_beside_spot(bench):
    falling = Slice(a=8.4, b=7.0, rho=-0.9, m=0.0, s=0.1)
    assert float(falling.vol(0.08)) < 3.0 < float(falling.vol(0.0))
    refuses(bench, "surface: first level", bench.expiry(5), falling)


def test_r15_no_volatility_on_the_grid_is_beyond_five(bench):
    steep = Slice(a=8.41 - 0.99, b=9.9, rho=0.9, m=0.0, s=0.1)
    assert float(steep.vol(0.0)) < 3.0 < 5.0 < float(steep.vol(1.2))
    refuses(bench, "surface: volatility bounds", bench.expiry(5), steep)
