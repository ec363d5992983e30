"""What a deployment rests on is checked before and after (R16, R33): feeds, the sequencer's, the venue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chain_of_others import token_code

from tandem.engine.anvil import AnvilEngine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import BaseEngine
from tandem.engine.base import NOBODY, Contract
from tandem.engine.data_fees import OP_ORACLE
from tandem.engine.revm import RevmEngine
from tandem.errors import ConfigError
from tandem.protocol import outside
from tandem.protocol.applying import apply
from tandem.protocol.deployment import FOLDER
from tandem.protocol.recipe import Recipe, load_recipe
from tandem.venues import Opening
from tandem.venues._tokens import BRIDGED, token_faults
from tandem.venues.morpho import MorphoRecipe
from tandem.venues.morpho.ledger import id_of

ARBITRUM = 42_161
# Code that answers one number to whatever it is asked: PUSH1 n, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN.
SAFE = {n: bytes.fromhex(f"6760{n:02x}5f5260205ff35f5260086018f3") for n in (1, 2)}
LOCAL = FOLDER / "local.toml"
# Code that answers its own address to whatever it is asked, as a clearing house with everything in one.
HOUSE = bytes.fromhex("6007600a5f3960075ff3" + "305f5260205ff3")
SIGNERS = f"signers = ['0x{'1' * 40}', '0x{'2' * 40}']"


@pytest.fixture(scope="module")
def engine() -> Iterator[RevmEngine]:
    with RevmEngine(chain_id=31_337) as opened:
        yield opened


def feed(
    engine: BaseEngine, decimals: int, answer: int | None, what: str = "ETH / USD"
) -> Contract:
    made = engine.deploy(compile_vyper("PriceFeed"), decimals, what)
    if answer is not None:
        made.send("push", answer, sender=engine.accounts[0])
    return made


def dollar(engine: BaseEngine) -> str:
    return engine.deploy(compile_vyper("USDC"), sender=engine.accounts[0]).address


def on_arbitrum(
    engine: BaseEngine,
    tmp_path: Path,
    price: str,
    signatures: int = 2,
    owner: str = "",
    usdc: str = "",
    asset: str = "ETH",
    ether: str = "",
    most: int = 1_000_000,
    **settings: str,
) -> Recipe:
    """A file for a rollup. Its owner is a Safe of two, where no other is named."""
    owner = owner or engine.create(SAFE[2], engine.accounts[0])
    lines = [f"signatures = {signatures}", *(f"{k} = '{v}'" for k, v in settings.items())]
    lines += [] if asset == "ETH" else ["min_price = 5_000", f"max_price = {most}"]
    base = engine.create(token_code(f"v{asset}", 18), engine.accounts[0])
    venue = f"usdc = '{usdc or dollar(engine)}'\nfeed = '{price}'\n"
    house = engine.create(HOUSE, engine.accounts[0])
    venue += f"clearing_house = '{house}'\nbase = '{base}'"
    venue += f"\nether_feed = '{ether}'" if ether else ""
    roles = f"owner = '{owner}'\nguardian = '0x{'3' * 40}'\nlister = '0x{'4' * 40}'\n{SIGNERS}"
    head = f"name = 'there'\nasset = '{asset}'\nchain_id = {ARBITRUM}\n"
    text = f"{head}[roles]\n{roles}\n[venue]\n{venue}\n[settings]\n"
    (tmp_path / "there.toml").write_text(text + "\n".join(lines))
    return load_recipe(tmp_path / "there.toml")


@pytest.mark.proves("SF-1")
def test_r15_one_signature_alone_is_refused_on_a_public_chain(
    engine: BaseEngine, tmp_path: Path
) -> None:
    """SF-1: "One signature is enough only on a chain of one's own"; by ADR 0021 the deployment file says
    so before anything is deployed: one key would write the surface."""
    price = feed(engine, 8, 2_500 * 10**8).address
    with pytest.raises(ConfigError, match="one signature alone is enough for a surface") as caught:
        on_arbitrum(engine, tmp_path, price, signatures=1)
    assert "settings.signatures to at least 2" in caught.value.hint
    assert on_arbitrum(engine, tmp_path, price).settings.signatures == 2


def test_r16_a_rollup_without_its_sequencers_feed_is_refused_by_name(
    engine: BaseEngine, tmp_path: Path
) -> None:
    """ "The deployment file names the sequencer's feed": no deployment could have the check before."""
    price = feed(engine, 8, 2_500 * 10**8).address
    with pytest.raises(
        ConfigError, match=r"Arbitrum One has a sequencer.*sequencer_feed"
    ) as caught:
        outside.check_outside(engine, on_arbitrum(engine, tmp_path, price))
    assert NOBODY not in caught.value.message
    assert caught.value.hint == 'add sequencer_feed = "0x…" under [settings]'
    up, down = feed(engine, 0, 0).address, feed(engine, 0, 1).address
    for good in (up, down):
        outside.check_outside(engine, on_arbitrum(engine, tmp_path, price, sequencer_feed=good))


def test_r16_a_rollup_that_nobody_listed_is_known_by_its_data_fee(tmp_path: Path) -> None:
    """ "Refuse a rollup without one", and not only those whose number stood in a table; what data costs there
    was left out of bounties, and nobody was told."""
    unichain = 130
    with AnvilEngine(chain_id=unichain, prune_history=False) as engine:
        price = feed(engine, 8, 2_500 * 10**8).address
        fees = engine.deploy(compile_vyper("DataFees"), sender=engine.accounts[0])
        made = on_arbitrum(engine, tmp_path, price)
        made = replace(made, chain_id=unichain)
        outside.check_outside(engine, made)  # a chain of no sequencer's
        engine.rpc("anvil_setCode", OP_ORACLE, "0x" + engine.code(fees.address).hex())
        with pytest.raises(ConfigError, match=r"OP stack has a sequencer.*sequencer_feed"):
            outside.check_outside(engine, made)
        up = feed(engine, 0, 0).address
        made = replace(made, settings=replace(made.settings, sequencer_feed=up))
        with pytest.raises(
            ConfigError, match=r"what data costs here.*data_fees names nobody"
        ) as caught:
            outside.check_outside(engine, made)
        assert caught.value.hint == f'add data_fees = "{OP_ORACLE}" under [settings]'
        made = replace(made, settings=replace(made.settings, data_fees=OP_ORACLE))
        outside.check_outside(engine, made)


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
    engine: BaseEngine, tmp_path: Path, which: str, answer: int | None, said: str
) -> None:
    price, up = feed(engine, 8, 2_500 * 10**8).address, feed(engine, 0, 0).address
    named: dict[str, Any] = {"sequencer_feed": up} | {which: feed(engine, 8, answer).address}
    with pytest.raises(ConfigError, match=said):
        outside.check_outside(engine, on_arbitrum(engine, tmp_path, price, **named))
    named[which] = engine.accounts[5]
    with pytest.raises(ConfigError, match=rf"{engine.accounts[5]}: no code at") as caught:
        outside.check_outside(engine, on_arbitrum(engine, tmp_path, price, **named))
    assert caught.value.hint == "correct it in the deployment file"


@pytest.mark.parametrize(
    ("decimals", "what", "said"),
    [
        (8, "BTC / USD", "prices 'BTC / USD' to 8 decimals, not ETH in USD"),
        (8, "ETH / BTC", "not ETH in USD"),
        (18, "ETH / USD", "to 18 decimals, not ETH in USD to 8"),
        (6, "ETH / USD", "to 6 decimals, not ETH in USD to 8"),
    ],
)
def test_a_feed_of_another_price_is_refused_by_name(
    engine: BaseEngine, tmp_path: Path, decimals: int, what: str, said: str
) -> None:
    """What it prices and in how many decimals is asked of the feed."""
    price = feed(engine, decimals, 2_500 * 10**decimals, what).address
    up = feed(engine, 0, 0).address
    with pytest.raises(ConfigError, match=said):
        outside.check_outside(engine, on_arbitrum(engine, tmp_path, price, sequencer_feed=up))


def test_the_feed_prices_the_asset_that_the_file_names(engine: BaseEngine, tmp_path: Path) -> None:
    up = feed(engine, 0, 0).address
    prices = {"ETH": 2_500, "BTC": 60_000}
    of = {
        what: feed(engine, 8, usd * 10**8, f"{what} / USD").address for what, usd in prices.items()
    }

    def check(asset: str, first: str, second: str, ether: str = "ETH") -> None:
        there = on_arbitrum(
            engine, tmp_path, of[first], sequencer_feed=up, second_feed=of[second], asset=asset,
            ether=of[ether] if asset != "ETH" else "",
        )  # fmt: skip
        outside.check_outside(engine, there)

    check("BTC", "BTC", "BTC")
    with pytest.raises(ConfigError, match=r"feed of ether .* prices 'BTC / USD' .*not ETH in USD"):
        check("BTC", "BTC", "BTC", "BTC")
    check("ETH", "ETH", "ETH")
    for asset, first, second, said in (
        ("BTC", "ETH", "BTC", r"price feed .* prices 'ETH / USD' .*not BTC in USD"),
        ("BTC", "BTC", "ETH", r"second feed .* prices 'ETH / USD' .*not BTC in USD"),
        ("ETH", "BTC", "ETH", r"price feed .* prices 'BTC / USD' .*not ETH in USD"),
    ):
        with pytest.raises(ConfigError, match=said):
            check(asset, first, second)


def test_a_feed_that_may_be_silent_for_longer_than_counts_as_fresh(
    engine: BaseEngine, tmp_path: Path
) -> None:
    """No heartbeat stands on chain, so the last rounds are looked at; the file's age is what trading goes
    by, and where it is shorter the market stands still between two rounds."""
    price, up = feed(engine, 8, 2_500 * 10**8), feed(engine, 0, 0).address
    engine.advance(20_000)
    price.send("push", 2_501 * 10**8, sender=engine.accounts[0])
    there = on_arbitrum(engine, tmp_path, price.address, sequencer_feed=up)
    with pytest.raises(ConfigError, match=r"was silent for 20,\d{3} s of late") as caught:
        outside.check_outside(engine, there)
    assert "set settings.max_age to its heartbeat and a tenth" in str(caught.value)
    longer = replace(there, settings=replace(there.settings, max_age=22_000))
    outside.check_outside(engine, longer)


def test_a_dollar_that_is_none_is_refused_by_name(engine: BaseEngine, tmp_path: Path) -> None:
    price, up = feed(engine, 8, 2_500 * 10**8).address, feed(engine, 0, 0).address
    weth = engine.deploy(compile_vyper("WETH"), sender=engine.accounts[0]).address
    for usdc, said in (
        (weth, "is WETH of 18 decimals, not USDC of 6"),
        (price, "is no token"),
        (engine.accounts[5], "no code at this address"),
    ):
        wrong = on_arbitrum(engine, tmp_path, price, usdc=usdc, sequencer_feed=up)
        with pytest.raises(ConfigError, match=rf"venue\.usdc .*{said}"):
            outside.check_outside(engine, wrong)


def test_the_bridges_dollar_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the same name, the same decimals, and another issuer."""
    with RevmEngine(chain_id=ARBITRUM) as there:
        token = there.deploy(compile_vyper("USDC"), sender=there.accounts[0]).address
        assert list(token_faults(there, "usdc", token, "USDC", 6)) == []
        monkeypatch.setitem(BRIDGED, ARBITRUM, token)
        (fault,) = token_faults(there, "usdc", token, "USDC", 6)
        assert fault.what == "is a bridge's USDC, not its issuer's"


def test_an_owner_that_is_a_key_or_a_safe_of_one_is_refused_by_name(
    engine: BaseEngine, tmp_path: Path
) -> None:
    price, up = feed(engine, 8, 2_500 * 10**8).address, feed(engine, 0, 0).address
    key = engine.accounts[5]
    with pytest.raises(ConfigError, match=r"roles\.owner .* has no code: one key would own"):
        outside.check_outside(
            engine, on_arbitrum(engine, tmp_path, price, owner=key, sequencer_feed=up)
        )
    silent = bytes.fromhex("6001600c60003960016000f300")  # one STOP: answers nothing to anything
    for code, fits in ((SAFE[1], False), (SAFE[2], True), (silent, True)):
        safe = engine.create(code, engine.accounts[0])
        recipe = on_arbitrum(engine, tmp_path, price, owner=safe, sequencer_feed=up)
        if fits:
            outside.check_outside(engine, recipe)
        else:
            with pytest.raises(ConfigError, match="is a Safe that one signature moves"):
                outside.check_outside(engine, recipe)


def test_two_markets_whose_oracles_disagree_and_a_lender_that_is_none(engine: BaseEngine) -> None:
    morpho = MorphoRecipe().open(engine, 2_500 * 10**18, Opening())
    named = morpho.addresses()
    assert list(morpho.recipe.faults(engine, named)) == []
    other = feed(engine, 8, 2_600 * 10**8)
    oracle = engine.deploy(compile_vyper("MorphoOracle"), other, True, 18)
    params = (*morpho.long.params[:2], oracle.address, *morpho.long.params[3:])
    morpho.lender.send("createMarket", params, sender=morpho.owner)
    for part, place, said in (
        ("long_market", id_of(params), "another price"),
        ("long_market", "0x" + "77" * 32, "no lender with these markets"),
        ("lender", named["usdc"], "no lender with these markets"),
        ("lender", engine.accounts[5], "no code"),
    ):
        (fault,) = morpho.recipe.faults(engine, named | {part: place})
        assert said in fault.what


def test_r33_what_stands_is_looked_at_again(engine: BaseEngine) -> None:
    recipe = load_recipe(LOCAL)
    up = feed(engine, 0, 0).address
    fees = engine.deploy(compile_vyper("DataFees"), sender=engine.accounts[0]).address
    settings = replace(recipe.settings, sequencer_feed=up, data_fees=fees)
    recipe = replace(recipe, settings=settings)
    found = apply(engine, recipe, engine.accounts[1])
    names = ["price feed", "sequencer feed", "data fees", "venue history"]
    assert [(f.name, f.fault) for f in outside.look_outside(engine, found)] == [
        (n, "") for n in names
    ]
    price = engine.at(compile_vyper("PriceFeed"), found.venue["feed"])
    price.send("next_phase", sender=engine.accounts[0])
    faults = {f.name: f.fault for f in outside.look_outside(engine, found) if f.fault}
    assert set(faults) == {"price feed"}
    assert "shows no round" in faults["price feed"]
