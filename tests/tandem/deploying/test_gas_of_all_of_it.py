"""What all of a deployment may take for gas is its deployer's word: a node that lies from the beginning had
all that he holds paid to whoever makes blocks."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from chain_of_others import Chain, Request
from click.testing import CliRunner
from cut_off import all_of

from tandem.client.errors import GasError
from tandem.protocol.costs import Cost
from tandem.terminal import deploying
from tandem.terminal.deploying import MOST_GAS
from tandem.terminal.group import main

GWEI, ETHER = 10**9, 10**18


def dear(ask: Request) -> Request:
    """Whose fees take nine tenths of a thousand ETH, and were so before anything was asked."""

    def request(method: str, params: list[Any]) -> Any:
        answer = ask(method, params)
        if method == "eth_getBlockByNumber" and answer:
            return answer | {"baseFeePerGas": hex(3_000 * GWEI)}
        return answer

    return request


def test_gas_that_is_dear_from_the_beginning_is_not_paid(chain: Chain, tmp_path: Path) -> None:
    chain.node.fund(chain.deployer, 10**6 * ETHER)
    had = chain.node.balance(chain.deployer)
    with pytest.raises(GasError, match=r"more than 0\.5.*nothing was sent") as error:
        all_of(chain, tmp_path / "there.json", MOST_GAS, between=dear)
    assert "--gas" in error.value.hint
    assert chain.node.balance(chain.deployer) == had


@pytest.mark.parametrize("bid", [GWEI, 3 * GWEI])
def test_what_is_bid_later_keeps_all_of_it_inside_the_bound(bid: int) -> None:
    found = [Cost(gas=4_000_000, execution=0, data=10**15, usd=None)] * 25
    most = deploying._dearest(found, bid, Decimal("0.5"))  # pyright: ignore[reportPrivateUsage]
    assert bid <= most <= 4 * bid
    assert sum(each.gas for each in found) * most + 25 * 10**15 <= ETHER // 2


def test_the_bound_is_no_amount() -> None:
    result = CliRunner(mix_stderr=False).invoke(main, ["deploy", "apply", "--gas", "a lot"])
    assert result.exit_code == 2
    assert "amount of gas" in result.stderr
