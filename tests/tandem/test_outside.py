"""What a deployment rests on is checked before and after (R16, R33): feeds, the sequencer's, the venue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.engine.revm import RevmEngine
from tandem.errors import ConfigError
from tandem.protocol import plan as plans
from tandem.protocol.deployment import FOLDER
from tandem.protocol.recipe import Recipe, load_recipe

ARBITRUM = 42_161
LOCAL = FOLDER / "local.toml"
SIGNERS = f"signers = ['0x{'1' * 40}', '0x{'2' * 40}']"


@pytest.fixture(scope="module")
def engine() -> Iterator[RevmEngine]:
    with RevmEngine(chain_id=31_337) as opened:
        yield opened


def feed(engine: RevmEngine, decimals: int, answer: int | None) -> Contract:
    made = engine.deploy(compile_vyper("PriceFeed"), decimals, "a feed")
    if answer is not None:
        made.send("push", answer, sender=engine.accounts[0])
    return made


def on_arbitrum(tmp_path: Path, price: str, signatures: int = 2, **settings: str) -> Recipe:
    lines = [f"signatures = {signatures}", *(f"{k} = '{v}'" for k, v in settings.items())]
    venue = f"usdc = '{price}'\nfeed = '{price}'\nclearing_house = '{price}'\nbase = '{price}'"
    text = (
        f"name = 'there'\nchain_id = {ARBITRUM}\n[roles]\n{SIGNERS}\n[venue]\n{venue}\n[settings]\n"
    )
    (tmp_path / "there.toml").write_text(text + "\n".join(lines))
    return load_recipe(tmp_path / "there.toml")


@pytest.mark.proves("SF-1")
def test_r15_one_signature_alone_is_refused_on_a_public_chain(
    engine: RevmEngine, tmp_path: Path
) -> None:
    """SF-1: "One signature is enough only on a chain of one's own"; by ADR 0021 the deployment file says
    so before anything is deployed: one key would write the surface."""
    price = feed(engine, 8, 2_500 * 10**8).address
    with pytest.raises(ConfigError, match="one signature alone is enough for a surface") as caught:
        on_arbitrum(tmp_path, price, signatures=1)
    assert "settings.signatures to at least 2" in caught.value.hint
    assert on_arbitrum(tmp_path, price).settings.signatures == 2


def test_r16_a_rollup_without_its_sequencers_feed_is_refused_by_name(
    engine: RevmEngine, tmp_path: Path
) -> None:
    """ "The deployment file names the sequencer's feed": no deployment could have the check before."""
    price = feed(engine, 8, 2_500 * 10**8).address
    with pytest.raises(ConfigError, match=r"Arbitrum One has a sequencer.*sequencer_feed"):
        plans.check_outside(engine, on_arbitrum(tmp_path, price))
    up, down = feed(engine, 0, 0).address, feed(engine, 0, 1).address
    for good in (up, down):
        plans.check_outside(engine, on_arbitrum(tmp_path, price, sequencer_feed=good))


@pytest.mark.parametrize(
    ("which", "answer", "said"),
    [
        ("sequencer_feed", 2_500 * 10**8, "no sequencer's status"),
        ("sequencer_feed", None, "shows no status"),
        ("second_feed", 0, "no price"),
        ("second_feed", None, "shows no round"),
        ("data_fees", 0, "says no fee"),
    ],
)
def test_r16_a_feed_that_is_none_is_refused_by_name(
    engine: RevmEngine, tmp_path: Path, which: str, answer: int | None, said: str
) -> None:
    price, up = feed(engine, 8, 2_500 * 10**8).address, feed(engine, 0, 0).address
    named: dict[str, Any] = {"sequencer_feed": up} | {which: feed(engine, 8, answer).address}
    with pytest.raises(ConfigError, match=said):
        plans.check_outside(engine, on_arbitrum(tmp_path, price, **named))
    named[which] = engine.accounts[5]
    with pytest.raises(ConfigError, match="no code at this address"):
        plans.check_outside(engine, on_arbitrum(tmp_path, price, **named))


def test_r33_what_stands_is_looked_at_again(engine: RevmEngine) -> None:
    recipe = load_recipe(LOCAL)
    up = feed(engine, 0, 0).address
    fees = engine.deploy(compile_vyper("DataFees"), sender=engine.accounts[0]).address
    settings = replace(recipe.settings, sequencer_feed=up, data_fees=fees)
    recipe = replace(recipe, settings=settings)
    found = plans.apply(engine, recipe, engine.accounts[1])
    names = ["price feed", "sequencer feed", "data fees", "venue history"]
    assert [(f.name, f.fault) for f in plans.look_outside(engine, found)] == [
        (n, "") for n in names
    ]
    price = engine.at(compile_vyper("PriceFeed"), found.venue["feed"])
    price.send("next_phase", sender=engine.accounts[0])
    faults = {f.name: f.fault for f in plans.look_outside(engine, found) if f.fault}
    assert set(faults) == {"price feed"}
    assert "shows no round" in faults["price feed"]
