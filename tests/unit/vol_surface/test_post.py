"""VolSurface.post: signed, newer, fresh, bounded in level and in movement (R15)."""

from __future__ import annotations

from dataclasses import replace

import boa
import pytest
from eth_account import Account
from surface_bench import DAY, FLAT, KEYS, Bench

from tandem.model.svi import Slice, pack
from tandem.protocol.surface_signing import SlicePost, sign, signer_of
from tandem.units import HOUR

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def refuses(bench: Bench, reason: str, expiry: int, *args, **changes) -> None:
    with boa.reverts(reason):
        bench.post(expiry, *args, **changes)


def flat(vol: float, **changes):
    """A slice whose volatility at the money is `vol`, with the default's smile."""
    return replace(FLAT, a=vol * vol - FLAT.b * FLAT.s, **changes)


# ---------------------------------------------------------------- signatures


@pytest.mark.proves("SF-1")
def test_r15_a_slice_with_enough_signatures_is_taken_from_anybody(bench):
    expiry = bench.expiry(20)
    call = bench.signed(expiry)
    with boa.env.prank(boa.env.generate_address("relayer")):
        bench.surface.post(*call)
    assert bench.reads(expiry).slices[0] == pack(FLAT)


@pytest.mark.proves("SF-1")
@pytest.mark.parametrize("keys", [[], KEYS[:1]])
def test_r15_too_few_signatures_are_refused(bench, keys):
    refuses(bench, "surface: too few signatures", bench.expiry(20), keys=keys)


@pytest.mark.proves("SF-1")
def test_r15_one_signer_twice_is_refused(bench):
    refuses(bench, "surface: signers not ascending", bench.expiry(20), keys=[KEYS[0]] * 2)


def test_r15_signers_out_of_order_are_refused(bench):
    call = bench.signed(bench.expiry(20))
    with boa.reverts("surface: signers not ascending"):
        bench.surface.post(*call[:4], call[4][::-1])


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
    with boa.reverts():
        bench.post(bench.expiry(20), **change)
    assert bench.surface.slices() == []


@pytest.mark.proves("SF-1")
@pytest.mark.parametrize("place", range(4))
def test_r15_a_signature_binds_every_field(bench, place):
    call = bench.signed(bench.expiry(20), valid_from=boa.env.timestamp - 5)
    call[place] += DAY if place == 0 else 1
    with boa.reverts():
        bench.surface.post(*call)
    assert bench.surface.slices() == []


def test_r15_the_malleable_twin_of_a_signature_is_refused(bench):
    call = bench.signed(bench.expiry(20))
    v, r, s = call[4][0]
    call[4][0] = (55 - v, r, ORDER - s)
    with boa.reverts("surface: malleable signature"):
        bench.surface.post(*call)
    call[4][0] = (v + 2, r, s)
    with boa.reverts("surface: malleable signature"):
        bench.surface.post(*call)


def test_r15_a_signature_that_recovers_nobody_is_refused(bench):
    call = bench.signed(bench.expiry(20))
    call[4][0] = (27, 0, 1)
    with boa.reverts("surface: bad signature"):
        bench.surface.post(*call)


def test_the_keepers_digest_is_the_contracts(bench):
    post = SlicePost(bench.expiry(20), pack(FLAT), 5, 6)
    (signature,) = sign(bench.domain, post, [KEYS[0]])
    assert signer_of(bench.domain, post, signature) == KEYS[0].address


# ---------------------------------------------------------------- time and order


@pytest.mark.proves("UN-2")
def test_r15_an_expiry_is_at_eight_utc_ahead_and_not_too_far(bench):
    expiry = bench.expiry(20)
    refuses(bench, "surface: not 08:00 UTC", expiry + 1)
    refuses(bench, "surface: expired", bench.expiry(-1))
    refuses(bench, "surface: too far ahead", bench.expiry(402))


@pytest.mark.proves("SF-2")
def test_r15_data_from_the_future_or_from_long_ago_is_refused(bench):
    expiry, now = bench.expiry(20), boa.env.timestamp
    refuses(bench, "surface: from the future", expiry, valid_from=now + 1)
    refuses(bench, "surface: too old", expiry, valid_from=now - 901)
    bench.post(expiry, valid_from=now - 900)


@pytest.mark.proves("SF-2")
def test_r15_a_slice_is_never_posted_twice_nor_out_of_order(bench):
    expiry = bench.expiry(20)
    call = bench.signed(expiry, sequence=10)
    bench.surface.post(*call)
    boa.env.time_travel(seconds=100)
    with boa.reverts("surface: not newer"):
        bench.surface.post(*call)
    refuses(bench, "surface: not newer", expiry, sequence=10)
    refuses(bench, "surface: not newer", expiry, sequence=9)
    refuses(bench, "surface: older data", expiry, sequence=11, valid_from=boa.env.timestamp - 101)
    bench.post(expiry, sequence=11, valid_from=boa.env.timestamp - 100)


def test_r15_two_posts_inside_the_window_are_refused(bench):
    expiry = bench.expiry(20)
    bench.post(expiry)
    boa.env.time_travel(seconds=59)
    refuses(bench, "surface: too soon", expiry)
    boa.env.time_travel(seconds=1)
    bench.post(expiry)


def test_the_threshold_is_sensible(bench):
    for threshold in (0, 17):
        with boa.reverts("surface: threshold"):
            boa.load("contracts/VolSurface.vy", bench.market, bench.guardian, threshold)


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


def test_r15_no_volatility_on_the_grid_is_beyond_five(bench):
    steep = Slice(a=8.41 - 0.99, b=9.9, rho=0.9, m=0.0, s=0.1)
    assert float(steep.vol(0.0)) < 3.0 < 5.0 < float(steep.vol(1.2))
    refuses(bench, "surface: volatility bounds", bench.expiry(5), steep)


# ---------------------------------------------------------------- movement


@pytest.mark.proves("SF-3")
def test_r15_an_hour_allows_the_hours_move_and_no_more(bench):
    expiry = bench.expiry(20)
    bench.post(expiry, flat(0.6))
    boa.env.time_travel(seconds=HOUR)
    refuses(bench, "surface: moves too fast", expiry, flat(0.7005))
    refuses(bench, "surface: moves too fast", expiry, flat(0.4995))
    bench.post(expiry, flat(0.6995))


@pytest.mark.proves("SF-3")
def test_r15_two_posts_in_a_minute_move_no_more_than_one(bench):
    """Movement is allowed by the second: many posts reach no further than one."""
    expiry = bench.expiry(20)
    bench.post(expiry, flat(0.6))
    level = 0.6
    for _ in range(10):
        boa.env.time_travel(seconds=360)
        refuses(bench, "surface: moves too fast", expiry, flat(level + 0.0101))
        level += 0.0099
        bench.post(expiry, flat(level))
    assert level < 0.6 + 0.1


def test_r15_a_long_silence_allows_six_hours_of_movement(bench):
    expiry = bench.expiry(20)
    bench.post(expiry, flat(0.6))
    boa.env.time_travel(seconds=2 * DAY)
    refuses(bench, "surface: moves too fast", expiry, flat(1.21))
    bench.post(expiry, flat(1.19))


def test_r15_the_wings_may_move_three_times_as_fast_but_the_middle_may_not(bench):
    expiry = bench.expiry(20)
    start = replace(FLAT, a=0.25, b=0.3, rho=0.0, s=0.3)
    bench.post(expiry, start)
    boa.env.time_travel(seconds=HOUR)

    def moves(b: float) -> tuple[float, float]:
        slice_ = replace(start, b=b, a=0.25 + (0.3 - b) * 0.3)
        near = max(abs(float(slice_.vol(k) - start.vol(k))) for k in (-0.36, 0.0, 0.36))
        return near, abs(float(slice_.vol(1.2) - start.vol(1.2)))

    near, wing = moves(0.55)
    assert near < 0.1 < wing < 0.3
    bench.post(expiry, replace(start, b=0.55, a=0.25 - 0.25 * 0.3))


def test_r15_the_basis_moves_no_faster_than_its_limit(bench):
    expiry = bench.expiry(20)
    bench.post(expiry, replace(FLAT, basis=0.0))
    boa.env.time_travel(seconds=HOUR)
    for basis in (0.0501, -0.0501):
        refuses(bench, "surface: basis moves too fast", expiry, replace(FLAT, basis=basis))
    bench.post(expiry, replace(FLAT, basis=0.05))


def test_r15_the_stickiness_moves_no_faster_than_its_limit(bench):
    expiry = bench.expiry(20)
    bench.post(expiry, replace(FLAT, stickiness=1.0))
    boa.env.time_travel(seconds=HOUR)
    for stickiness in (1.11, 0.89):
        slice_ = replace(FLAT, stickiness=stickiness)
        refuses(bench, "surface: stickiness too fast", expiry, slice_)
    bench.post(expiry, replace(FLAT, stickiness=1.1))


def test_r15_an_expiry_that_takes_a_place_over_does_not_move_from_its_tenant(bench):
    first = bench.expiry(1)
    for days in range(1, 9):
        bench.post(bench.expiry(days), flat(0.6))
    refuses(bench, "surface: no place left", bench.expiry(9), flat(0.6))
    boa.env.time_travel(seconds=first - boa.env.timestamp)
    with boa.reverts():
        bench.post(first, flat(0.6))
    later = bench.expiry(12)
    bench.post(later, flat(2.0), sequence=1)
    assert bench.reads(later, traded=later).previous == 0
    assert bench.reads(first).slices[0] == 0  # past, and its slice is gone
    with boa.reverts("surface: no slice"):
        bench.reads(bench.expiry(30))  # ahead, and never posted


def test_r15_a_slice_of_a_past_expiry_does_not_make_the_others_stale(bench):
    first, second = bench.expiry(1), bench.expiry(2)
    bench.post(first, flat(0.6))
    boa.env.time_travel(seconds=first + 3_600 - boa.env.timestamp)
    bench.post(second, flat(0.6))
    assert boa.env.timestamp - bench.reads(first, second).oldest < 60
