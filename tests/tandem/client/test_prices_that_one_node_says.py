"""A bound that follows from a quote follows from a node's word: it is no more than the option can pay, and no
worse than what another node says, where another is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from eth_utils.crypto import keccak

from tandem.client import Client
from tandem.client.errors import NeverWorthError, NodesDisagreeError
from tandem.client.second import engines
from tandem.engine.relay import Far, serving
from tandem.engine.signers import Signer

QUOTE = "0x" + keccak(text="quote(uint256,uint256,bool)")[:4].hex()
PREVIEW = "0x" + keccak(text="previewDeposit(uint256)")[:4].hex()
PREMIUM = 1
"""Place of a deal's word."""


def held(market: Any, trader: Client) -> int:
    return int(market.tandem.exchange.usdc.call("balanceOf", trader.address))


@pytest.fixture
def liar(market: Any) -> Iterator[tuple[str, dict[str, tuple[int, Decimal]]]]:
    """A node's address, and what it makes of calls: by selector a word's place, and times what is so."""
    far, lies = Far(market.url), dict[str, tuple[int, Decimal]]()

    def ask(question: dict[str, Any]) -> dict[str, Any]:
        answer = far(question)
        called = question["params"][0]["data"][:10] if question["method"] == "eth_call" else ""
        if called in lies and "result" in answer:
            place, times = lies[called]
            raw = bytes.fromhex(answer["result"][2:])
            at = slice(32 * place, 32 * place + 32)
            word = int(int.from_bytes(raw[at]) * times)
            answer = {"result": "0x" + (raw[: at.start] + word.to_bytes(32) + raw[at.stop :]).hex()}
        return answer

    with serving(ask) as url:
        yield url, lies


@pytest.fixture
def behind(
    liar: Any, market: Any, settings: Any, trader: Client, signer: Signer
) -> Callable[..., Client]:
    """A client that asks the liar first, and others after it."""

    def connect(*others: str) -> Client:
        return Client.connect(",".join((liar[0], *others)), market.file, signer)

    return connect


def test_nothing_is_bought_for_more_than_it_can_pay(
    behind: Callable[..., Client], liar: Any, market: Any
) -> None:
    """One node alone: its quote of a thousand times the price was signed as the bound, and allowed."""
    liar[1][QUOTE] = (PREMIUM, Decimal(40))
    with pytest.raises(NeverWorthError, match=r"pays 25\d\d at the most|pays 2500") as error:
        behind().prepare_mint(market.series, 1)
    assert "--most" in error.value.hint


def test_a_bound_is_never_past_what_an_option_can_pay(
    behind: Callable[..., Client], liar: Any, market: Any
) -> None:
    honest = behind().prepare_mint(market.series, 1).preview.quote
    worth, premium = Decimal(market.series.most), honest.mark + honest.spread
    rest = honest.total - premium
    liar[1][QUOTE] = (PREMIUM, (worth * Decimal("0.995") - rest) / premium)
    prepared = behind().prepare_mint(market.series, 1)
    assert prepared.preview.quote.total < worth
    assert prepared.preview.most == worth


def test_who_says_what_he_pays_is_asked_nothing(
    behind: Callable[..., Client], liar: Any, market: Any
) -> None:
    liar[1][QUOTE] = (PREMIUM, Decimal(40))
    trader = behind(market.url)
    before = held(market, trader)
    done = trader.mint(market.series, 1, most=200)
    assert before - held(market, trader) < 200 * 10**6
    assert done.after.holding == 1


@pytest.mark.parametrize("times", ["1.05", "3"])
def test_a_price_that_another_node_does_not_know_is_not_signed(
    behind: Callable[..., Client], liar: Any, market: Any, times: str
) -> None:
    liar[1][QUOTE] = (PREMIUM, Decimal(times))
    assert behind().prepare_mint(market.series, 1)  # of one alone nobody can say it
    with pytest.raises(NodesDisagreeError, match="another") as error:
        behind(market.url).prepare_mint(market.series, 1)
    assert "--most" in error.value.hint
    liar[1].clear()
    assert behind(market.url).mint(market.series, 1).after.holding == 1


def test_a_sale_for_less_than_another_node_says_is_not_signed(
    behind: Callable[..., Client], liar: Any, market: Any
) -> None:
    behind().mint(market.series, 1)
    liar[1][QUOTE] = (PREMIUM, Decimal("0.5"))
    with pytest.raises(NodesDisagreeError, match="another") as error:
        behind(market.url).prepare_close(market.series, 1)
    assert "--least" in error.value.hint
    liar[1].clear()
    assert behind(market.url).close(market.series, 1).after.holding == 0


def test_shares_that_another_node_does_not_know_are_not_bought(
    behind: Callable[..., Client], liar: Any, market: Any
) -> None:
    liar[1][PREVIEW] = (0, Decimal("0.5"))
    with pytest.raises(NodesDisagreeError, match="shares") as error:
        behind(market.url).prepare_deposit(100)
    assert "--min-shares" in error.value.hint
    liar[1].clear()
    assert behind(market.url).deposit(100).after.shares


def test_another_node_that_is_away_stops_nobody(behind: Callable[..., Client], market: Any) -> None:
    client = behind("http://127.0.0.1:9")
    assert len(list(engines(client.session.engine))) == 1
    assert client.mint(market.series, 1).after.holding == 1


def test_of_one_node_nobody_is_asked(behind: Callable[..., Client]) -> None:
    assert list(engines(behind().session.engine)) == []
