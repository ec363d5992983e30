"""Whatever is wrong has a name, and a next step; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from tandem.client import Bounds, Client
from tandem.client.accounts import find
from tandem.client.errors import (
    AccountError,
    BalanceError,
    ClientError,
    LockedError,
    SeriesUnknownError,
)
from tandem.engine.node import NodeDownError, WrongChainError
from tandem.errors import TandemError
from tandem.protocol.deployment import Deployment, NotDeployedError
from tandem.protocol.series import SeriesError
from tandem.units import AmountError

Connect = Callable[..., Client]


@pytest.fixture(autouse=True)
def nothing_is_sent(lived_in: Any, market: Any) -> Iterator[None]:
    block = market.engine.block()
    yield
    assert market.engine.block() == block


def wrong(kind: type[TandemError], act: Callable[[], object], said: str) -> None:
    with pytest.raises(kind, match=said) as error:
        act()
    assert error.value.hint


@pytest.mark.parametrize("size", ["1.0000001", "0", "-1", "nan", "inf", "1e40", "", "1,5", "٣x"])
def test_a_size_that_is_none(connect: Connect, market: Any, size: str) -> None:
    client = connect()
    for act in (client.quote, client.mint, client.close):
        wrong(
            AmountError,
            lambda act=act: act(market.series, size),
            "at most six decimals|is no size|finer",
        )


@pytest.mark.parametrize("slippage", [0.01, *map(Decimal, ("-0.01", "1.01", "5", "nan"))])
def test_a_slippage_that_is_no_share(slippage: Any) -> None:
    """A float failed amid a trade, and five, meant as percent, let a mint cost six times its quote."""
    with pytest.raises(AmountError, match="is no share"):
        Bounds(slippage=slippage)


def test_a_bound_is_taken_as_text_too(connect: Connect, market: Any) -> None:
    """The error said "one percent is '0.01'", and that text failed amid a trade."""
    bounds = Bounds(slippage="0.5", gas="0.05")  # type: ignore[arg-type] - of programs without types
    assert (bounds.slippage, bounds.gas) == (Decimal("0.5"), Decimal("0.05"))
    preview = connect(market.tandem.trader, bounds).prepare_mint(market.series, 1).preview
    assert preview.most > preview.quote.total * Decimal("1.49")


@pytest.mark.parametrize(
    "given",
    [{"gas": each} for each in (0.05, -1, "x", Decimal("nan"), float("nan"))]
    + [{"wait": each} for each in (float("nan"), float("inf"), -1, "x", True)]
    + [{"lifetime": each} for each in (-5, 1.5, "600", True)],
)
def test_a_bound_that_bounds_nothing(given: Any) -> None:
    """A wait that is no number waited for a block for good; what gas may cost failed amid a trade."""
    wrong(AmountError, lambda: Bounds(**given), "is no (amount|time)")


@pytest.mark.parametrize("deadline", [-1, 1.5, "600", True, 1 << 256])
def test_a_deadline_that_is_no_time(connect: Connect, market: Any, deadline: Any) -> None:
    client = connect()
    wrong(AmountError, lambda: client.mint(market.series, 1, deadline=deadline), "no time")


@pytest.mark.parametrize("named", [None, 5, b"x", 1.5, ["ETH-27MAR26-2500-5000-C"]])
def test_what_is_no_series_and_no_name(connect: Connect, named: Any) -> None:
    client = connect()
    for act in (client.quote, client.mint, client.close):
        wrong(SeriesError, lambda act=act: act(named, 1), "names no series")


def test_a_series_that_is_none_or_not_listed(connect: Connect, market: Any) -> None:
    client = connect()
    wrong(SeriesError, lambda: client.mint("ETH-27MAR26-3000-C", 1), "no such series")
    wrong(SeriesUnknownError, lambda: client.mint("ETH-27MAR26-2500-5000-C", 1), "not listed")
    unlisted = str(market.series).replace("-5000-", "-4000-")
    wrong(SeriesUnknownError, lambda: client.mint(unlisted, 1), "not listed")


def test_too_little_balance(connect: Connect, market: Any) -> None:
    poor = connect(market.engine.accounts[9])
    wrong(BalanceError, lambda: poor.mint(market.series, 1), "has 0 USD")
    wrong(BalanceError, lambda: poor.deposit(1), "has 0 USD")
    wrong(BalanceError, lambda: poor.close(market.series, 1), "holds 0 ETH")
    wrong(BalanceError, lambda: poor.request_exit(1), "has 0 shares")
    wrong(ClientError, poor.claim, "nothing can be claimed")


def test_an_account_that_nobody_signs_for(connect: Connect, market: Any) -> None:
    watched = connect("0x00000000000000000000000000000000000000aa")
    wrong(BalanceError, lambda: watched.mint(market.series, 1), "USD")
    for number in ("12", "²"):
        wrong(AccountError, lambda n=number: connect(f"TEST::{n}"), f"no account TEST::{number}")
    assert find(market.engine, None, None) is not None  # a development node has its own


def test_a_chain_that_is_real_has_no_account_of_its_own(
    connect: Connect, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(market.engine, "is_development", False)
    assert find(market.engine, None, None) is None


def test_a_node_of_another_chain(connect: Connect, market: Any, tmp_path: Any) -> None:
    other = Deployment.load(market.file)
    moved = tmp_path / "moved.json"
    object.__setattr__(other, "chain_id", 8453)
    other.save(moved)
    wrong(WrongChainError, lambda: Client.connect(market.url, moved), "chain 31337")
    wrong(
        NotDeployedError, lambda: Client.connect(market.url, tmp_path / "none.json"), "there is no"
    )
    wrong(NodeDownError, lambda: Client.connect("http://127.0.0.1:1", market.file), "no node")


def test_an_account_that_ape_does_not_know(connect: Connect) -> None:
    for alias in ("no-such-alias", "", "²"):
        wrong(AccountError, lambda a=alias: connect(a), "knows no account")


def test_a_locked_account(
    connect: Connect, market: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from ape import accounts
    from ape_accounts.accounts import import_account_from_private_key

    made = import_account_from_private_key(
        f"locked-{tmp_path.name}".replace("_", "-"), "a passphrase", "0x" + "11" * 32
    )
    try:
        locked = connect(made.alias)
        assert made.alias in accounts.aliases
        monkeypatch.setenv(f"APE_ACCOUNTS_{made.alias}_PASSPHRASE", "another one")
        signer = locked.session.who.signer
        assert signer is not None
        fields = {
            "from": signer.address,
            "to": signer.address,
            "data": b"",
            "value": 0,
            "gas": 21_000,
        }
        fields |= {"maxFeePerGas": 1, "maxPriorityFeePerGas": 0, "nonce": 0, "chainId": 31_337}
        wrong(LockedError, lambda: signer.sign(fields), "is locked")
        monkeypatch.setenv(f"APE_ACCOUNTS_{made.alias}_PASSPHRASE", "a passphrase")
        assert signer.sign(fields), "nobody is there to answer a question"
    finally:
        made.keyfile_path.unlink()
