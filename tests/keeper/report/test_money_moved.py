"""What a report says beside what others say of the same: the token's own transfers, and the Vault's marks."""

from __future__ import annotations

from typing import Any

import pytest

from keeper.report import session
from keeper.report.figures import figures
from tandem.engine.node import Node

from .conftest import Lived

TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
"""keccak("Transfer(address,address,uint256)")."""
CENT = 0.011


@pytest.fixture(scope="module")
def said(lived: Lived) -> dict[str, Any]:
    return figures(session.tell(lived.chain(), 0, lived.span), "0x0", "ETH", None)


def transfers(lived: Lived) -> list[tuple[str, str, float]]:
    """(from, to, USD) of every move of the asset within the span, as the node has it."""
    span, vault = lived.span, lived.run.stage.tandem.vault
    asked = {
        "address": vault.asset(),
        "topics": [TRANSFER],
        "fromBlock": hex(span.first + 1),
        "toBlock": hex(span.last),
    }
    return [
        (log["topics"][1], log["topics"][2], int(log["data"], 16) / 1e6)
        for log in Node(lived.url).request("eth_getLogs", [asked])
    ]


def topic(address: str) -> str:
    return "0x" + address[2:].lower().rjust(64, "0")


def net(lived: Lived, *others: str) -> float:
    """USD that came into the Vault from them, less what went to them."""
    vault, them = topic(lived.run.stage.tandem.vault.address), {topic(each) for each in others}
    return sum(
        usd * ((target == vault and source in them) - (source == vault and target in them))
        for source, target, usd in transfers(lived)
    )


def traders(lived: Lived) -> list[str]:
    chain, span = lived.chain(), lived.span
    return sorted(
        {
            str(found.event["owner"])
            for _, page in chain.events(span.first + 1, span.last, trades_only=True)
            for found in page
            if found.event.name in ("OptionMinted", "OptionClosed")
        }
    )


def test_premium_fees_and_what_traders_bore_is_what_they_paid(
    lived: Lived, said: dict[str, Any]
) -> None:
    told = said["paid"]["premium_usd"] + said["paid"]["fees_usd"]
    told += said["hedges"]["borne_by_traders_usd"] - said["paid"]["payouts_usd"]
    assert told == pytest.approx(net(lived, *traders(lived)), abs=3 * CENT)
    assert abs(told) > 100


def test_money_of_traders_lps_and_margin_is_all_that_the_vault_holds_more(
    lived: Lived, said: dict[str, Any]
) -> None:
    """Nothing that moved is in none of the report's sums."""
    t, span = lived.run.stage.tandem, lived.span
    chain = lived.chain()
    first, last = chain.state(span.first), chain.state(span.last)
    assert first is not None
    assert last is not None
    grown = (last.snapshot.funds.cash - first.snapshot.funds.cash) / 1e6
    margin = net(lived, t.venue.address, t.router.address, t.desk.address)
    others = net(lived, *traders(lived)) + said["paid"]["deposits_usd"] - said["paid"]["exits_usd"]
    assert grown == pytest.approx(margin + others, abs=CENT)


def test_a_share_by_the_vaults_marks_is_around_that_by_states(said: dict[str, Any]) -> None:
    """They were told as 0.000000 to 0.000000 USD: a share has more decimals than the asset."""
    assert len(said["marks"]) == 2
    low, high = (said["marks"][-1][name] for name in ("share_low_usd", "share_high_usd"))
    assert low < said["share_end_usd"] < high < 1.01 * low
