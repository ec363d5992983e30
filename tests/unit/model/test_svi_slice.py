"""Slices: slope against mpmath, the packed word bit by bit, and what counts as arbitrage."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.errors import DomainError
from tandem.model.svi import LAYOUT, Slice, durrleman, pack, unpack

mp.mp.dps = 50
GOOD = Slice(a=0.30, b=0.9, rho=-0.25, m=0.02, s=0.18, basis=0.012, stickiness=1.25)
MONTH = 30 / 365


def sigma(q: Slice, k: mp.mpf) -> mp.mpf:
    a, b, rho, m, s = (mp.mpf(x) for x in (q.a, q.b, q.rho, q.m, q.s))
    return mp.sqrt(a + b * (rho * (k - m) + mp.sqrt((k - m) ** 2 + s**2)))


def test_vol_and_slope_agree_with_mpmath() -> None:
    for k in np.linspace(-1.5, 1.5, 61):
        exact = mp.mpf(float(k))
        assert float(GOOD.vol(k)) == pytest.approx(float(sigma(GOOD, exact)), rel=1e-15)
        step = mp.mpf("1e-15")
        slope = (sigma(GOOD, exact + step) - sigma(GOOD, exact - step)) / (2 * step)
        assert float(GOOD.vol_slope(k)) == pytest.approx(float(slope), rel=1e-13, abs=1e-15)


def test_durrleman_agrees_with_mpmath_derivatives() -> None:
    w = lambda k: sigma(GOOD, k) ** 2 * mp.mpf(MONTH)  # noqa: E731
    for k in np.linspace(-1.0, 1.0, 21):
        x = mp.mpf(float(k))
        w0, w1, w2 = w(x), mp.diff(w, x), mp.diff(w, x, 2)
        want = (1 - x * w1 / (2 * w0)) ** 2 - w1**2 / 4 * (1 / w0 + mp.mpf(1) / 4) + w2 / 2
        assert float(durrleman(GOOD, MONTH, k)) == pytest.approx(float(want), rel=1e-10)


def test_forward_grows_with_the_basis() -> None:
    want = 2000 * mp.exp(mp.mpf(GOOD.basis) * mp.mpf(MONTH))
    assert float(GOOD.forward(2000.0, MONTH)) == pytest.approx(float(want), rel=1e-15)


steps = st.tuples(
    *(
        # not the last steps of a field: the nearest double to them is one too many
        st.integers(-(1 << f.width - 1), (1 << f.width - 1) - 9)
        if f.signed
        else st.integers(0, (1 << f.width) - 9)
        for f in LAYOUT
    )
)


@given(steps)
@settings(max_examples=500, deadline=None)
def test_any_word_unpacks_and_packs_to_itself(numbers: tuple[int, ...]) -> None:
    word = sum((n & ((1 << f.width) - 1)) << f.low for n, f in zip(numbers, LAYOUT, strict=True))
    again = pack(unpack(word))
    for f, n in zip(LAYOUT, numbers, strict=True):
        back = (again >> f.low) & ((1 << f.width) - 1)
        back -= (1 << f.width) if f.signed and back >> (f.width - 1) else 0
        # A double has 53 bits, the two widest fields 56. Dividing and multiplying by the scale
        # each round by at most n / 2**53: below 2**51 that is under half a step in all.
        assert abs(back - n) <= (0 if abs(n) < 2**51 else 8), f.name


@pytest.mark.proves("PR-5")
def test_layout_is_the_contracts_word() -> None:
    word = pack(
        Slice(a=-1e-15, b=2e-15, rho=-3e-9, m=-4e-11, s=5e-11, basis=-6e-6, stickiness=0.07)
    )
    assert word & (2**56 - 1) == 2**56 - 1
    assert word >> 56 & (2**56 - 1) == 2
    assert word >> 112 & (2**32 - 1) == 2**32 - 3
    assert word >> 144 & (2**40 - 1) == 2**40 - 4
    assert word >> 184 & (2**40 - 1) == 5
    assert word >> 224 & (2**24 - 1) == 2**24 - 6
    assert word >> 248 == 7


def test_packed_slice_comes_back_to_its_own_precision() -> None:
    back = unpack(pack(GOOD))
    for f in LAYOUT:
        assert getattr(back, f.name) == pytest.approx(getattr(GOOD, f.name), abs=0.5 / f.scale)


@pytest.mark.parametrize(
    ("name", "bad"),
    [("a", 40.0), ("b", -1e-9), ("b", 73.0), ("rho", 2.2), ("m", 6.0), ("s", -0.1), ("basis", 9.0)],
)
def test_a_number_that_does_not_fit_is_named(name: str, bad: float) -> None:
    values = {f.name: getattr(GOOD, f.name) for f in LAYOUT} | {name: bad}
    with pytest.raises(DomainError, match=f"^{name}: "):
        pack(Slice(**values))


def test_axel_vogts_slice_has_a_butterfly() -> None:
    """The classic counter-example of Gatheral and Jacquier (2014), section 3.1, at tau = 1."""
    vogt = Slice(a=-0.0410, b=0.1331, rho=0.3060, m=0.3586, s=0.4153)
    assert durrleman(vogt, 1.0, np.linspace(-1.5, 1.5, 301)).min() < 0.0


def test_a_slice_without_variance_is_refused() -> None:
    with pytest.raises(DomainError, match="variance not positive"):
        Slice(-0.2, 0.5, 0.0, 0.0, 0.1).vol(0.0)
