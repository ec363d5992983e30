"""OptionToken: who owns which series. The keeper's own naming of series is the reference."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boa
import pytest
from eth_utils import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.protocol.series import Series

MAX = 2**256 - 1
ZERO = "0x" + "00" * 20
VAULT = "0x" + "22" * 20
EXPIRY = int(datetime(2026, 3, 27, 8, tzinfo=UTC).timestamp())
CALL = Series(EXPIRY, False, 3_000, 6_000).id
PUT = Series(EXPIRY, True, 3_000).id


@pytest.fixture(scope="module")
def market() -> str:
    return boa.env.generate_address("market")


@pytest.fixture(scope="module")
def people() -> tuple[str, str, str]:
    env = boa.env
    return env.generate_address("holder"), env.generate_address("other"), env.generate_address("x")


@pytest.fixture(scope="module")
def deployed(market: str) -> Any:
    return boa.load("contracts/OptionToken.vy", market, VAULT, "ETH")


@pytest.fixture
def token(deployed: Any, market: str, people: tuple[str, str, str]) -> Any:
    with boa.env.anchor():
        deployed.mint(people[0], CALL, 100, sender=market)
        yield deployed


def selector(signature: str) -> int:
    return int.from_bytes(keccak(text=signature)[:4], "big")


def interface_id(*signatures: str) -> bytes:
    total = 0
    for signature in signatures:
        total ^= selector(signature)
    return total.to_bytes(4, "big")


def test_minted_units_belong_to_the_owner_and_count_in_the_supply(token, people):
    assert token.balanceOf(people[0], CALL) == 100
    assert token.totalSupply(CALL) == 100
    assert token.totalSupply(PUT) == 0


def test_only_the_market_mints_and_burns(token, people):
    for caller in (*people, token.address):
        with boa.reverts("token: only market"):
            token.mint(people[0], CALL, 1, sender=caller)
        with boa.reverts("token: only market"):
            token.burn(people[0], CALL, 1, sender=caller)


def test_a_market_and_an_asset_are_needed():
    with boa.reverts("token: no market"):
        boa.load("contracts/OptionToken.vy", ZERO, VAULT, "ETH")
    with boa.reverts("token: no asset"):
        boa.load("contracts/OptionToken.vy", VAULT, VAULT, "")


def test_burnt_units_leave_balance_and_supply(token, market, people):
    token.burn(people[0], CALL, 40, sender=market)
    assert token.balanceOf(people[0], CALL) == 60
    assert token.totalSupply(CALL) == 60
    with boa.reverts("token: balance"):
        token.burn(people[0], CALL, 61, sender=market)


def test_nobody_receives_units_at_the_zero_address(token, market, people):
    with boa.reverts("token: zero receiver"):
        token.mint(ZERO, CALL, 1, sender=market)
    with boa.reverts("token: zero receiver"):
        token.transfer(ZERO, CALL, 1, sender=people[0])
    with boa.reverts("token: zero receiver"):
        token.transferFrom(people[0], ZERO, CALL, 1, sender=people[0])


def test_a_transfer_moves_exactly_its_amount_of_its_series(token, market, people):
    holder, other, _ = people
    token.mint(holder, PUT, 7, sender=market)
    assert token.transfer(other, CALL, 30, sender=holder) is True
    assert token.balanceOf(holder, CALL) == 70
    assert token.balanceOf(other, CALL) == 30
    assert token.balanceOf(holder, PUT) == 7
    assert token.totalSupply(CALL) == 100
    with boa.reverts("token: balance"):
        token.transfer(other, CALL, 71, sender=holder)


def test_a_transfer_to_oneself_changes_nothing(token, people):
    token.transfer(people[0], CALL, 100, sender=people[0])
    assert token.balanceOf(people[0], CALL) == 100


def test_a_stranger_moves_nothing(token, people):
    with boa.reverts("token: allowance"):
        token.transferFrom(people[0], people[1], CALL, 1, sender=people[1])


def test_an_allowance_is_used_up_and_binds_to_its_series(token, market, people):
    holder, other, third = people
    token.mint(holder, PUT, 50, sender=market)
    token.approve(other, CALL, 30, sender=holder)
    token.transferFrom(holder, third, CALL, 20, sender=other)
    assert token.allowance(holder, other, CALL) == 10
    with boa.reverts("token: allowance"):
        token.transferFrom(holder, third, CALL, 11, sender=other)
    with boa.reverts("token: allowance"):
        token.transferFrom(holder, third, PUT, 1, sender=other)
    assert token.balanceOf(third, CALL) == 20


def test_an_unlimited_allowance_never_shrinks(token, people):
    holder, other, third = people
    token.approve(other, CALL, MAX, sender=holder)
    token.transferFrom(holder, third, CALL, 20, sender=other)
    assert token.allowance(holder, other, CALL) == MAX


def test_an_operator_moves_every_series_until_it_is_stopped(token, market, people):
    holder, other, third = people
    token.mint(holder, PUT, 5, sender=market)
    token.setOperator(other, True, sender=holder)
    token.approve(other, CALL, 1, sender=holder)
    token.transferFrom(holder, third, CALL, 60, sender=other)
    token.transferFrom(holder, third, PUT, 5, sender=other)
    assert token.allowance(holder, other, CALL) == 1
    token.setOperator(other, False, sender=holder)
    with boa.reverts("token: allowance"):
        token.transferFrom(holder, third, CALL, 2, sender=other)


def test_every_change_is_logged_with_caller_and_series(token, market, people):
    holder, other, third = people
    token.setOperator(other, True, sender=holder)
    token.transferFrom(holder, third, CALL, 3, sender=other)
    event = token.get_logs()[-1]
    assert type(event).__name__ == "Transfer"
    assert (event.caller, event.sender, event.receiver) == (other, holder, third)
    assert (event.id, event.amount) == (CALL, 3)


def test_interfaces_are_those_of_the_erc(token):
    base = interface_id(
        "balanceOf(address,uint256)",
        "allowance(address,address,uint256)",
        "isOperator(address,address)",
        "transfer(address,uint256,uint256)",
        "transferFrom(address,address,uint256,uint256)",
        "approve(address,uint256,uint256)",
        "setOperator(address,bool)",
    )
    metadata = interface_id("name(uint256)", "symbol(uint256)", "decimals(uint256)")
    supply = interface_id("totalSupply(uint256)")
    erc165 = interface_id("supportsInterface(bytes4)")
    for known in (base, metadata, supply, erc165):
        assert token.supportsInterface(known)
    assert not token.supportsInterface(b"\xff\xff\xff\xff")
    assert not token.supportsInterface(b"\x00\x00\x00\x00")


def test_a_series_is_named_by_what_it_pays(token):
    assert token.name(CALL) == token.symbol(CALL) == "TANDEM-ETH-20260327-3000/6000-C"
    assert token.name(PUT) == "TANDEM-ETH-20260327-3000-P"
    assert token.decimals(CALL) == 6
    with boa.reverts("series: unknown"):
        token.name(1 << 200)


@pytest.mark.parametrize("asset", ["BTC", "A", "WRAPPED123"])
def test_a_series_is_called_after_its_asset(market: str, asset: str) -> None:
    """An asset's name has up to ten letters and digits."""
    token = boa.load("contracts/OptionToken.vy", market, VAULT, asset)
    assert token.ASSET() == asset
    assert token.name(CALL) == token.symbol(CALL) == f"TANDEM-{asset}-20260327-3000/6000-C"
    longest = Series(40_000 * 86_400 + 28_800, True, 2**64 - 1, 2**64 - 2)
    assert token.name(longest.id).startswith(f"TANDEM-{asset}-20790708-{2**64 - 1}/{2**64 - 2}-P")


@settings(max_examples=60, deadline=None)
@given(
    day=st.integers(0, 40_000), strike=st.integers(1, 2**64 - 2), other=st.integers(0, 2**64 - 1),
    is_put=st.booleans(),
)  # fmt: skip
def test_names_spell_the_calendar_of_the_standard_library(deployed, day, strike, other, is_put):
    other = other % strike if is_put else strike + 1 + other % (2**64 - 1 - strike)
    series = Series(day * 86_400 + 28_800, is_put, strike, other)
    date = datetime.fromtimestamp(series.expiry, UTC).strftime("%Y%m%d")
    strikes = f"{strike}/{other}" if other else f"{strike}"
    expected = f"TANDEM-ETH-{date}-{strikes}-{'P' if is_put else 'C'}"
    assert deployed.name(series.id) == expected


def test_names_spell_every_day_of_four_years_and_the_ends_of_february_of_a_century(deployed):
    """From 2024 on; 2100 has no leap day, 2400 has."""
    first = datetime(2024, 1, 1, 8, tzinfo=UTC)
    days = [first + timedelta(days=day) for day in range(4 * 366)]
    for year in (*range(2028, 2105), 2400):
        march = datetime(year, 3, 1, 8, tzinfo=UTC)
        days += [march - timedelta(days=1), march, march - timedelta(days=2)]
    for day in days:
        series = Series(int(day.timestamp()), False, 3_000, 6_000)
        assert deployed.name(series.id) == f"TANDEM-ETH-{day:%Y%m%d}-3000/6000-C"


def test_r35_no_unit_goes_where_nobody_could_redeem_it(
    token: Any, market: str, people: Any
) -> None:
    """Redemption pays the owner: the Vault cannot pay itself, the Market and the token hold no purse.
    Units that were sent there could never be redeemed, nor be taken back."""
    holder, other, _ = people
    with boa.env.prank(market):
        token.mint(holder, CALL, 10)
    for lost in (VAULT, market, token.address):
        with boa.env.prank(holder), boa.reverts("token: cannot redeem"):
            token.transfer(lost, CALL, 1)
        with boa.env.prank(market), boa.reverts("token: cannot redeem"):
            token.mint(lost, CALL, 1)
        with boa.env.prank(holder):
            token.approve(other, CALL, 1)
        with boa.env.prank(other), boa.reverts("token: cannot redeem"):
            token.transferFrom(holder, lost, CALL, 1)
