"""The reviewed files of three rollups, beside what the publishers of their venues say."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import morpho_on_base
import pytest
from eth_utils.crypto import keccak

from tandem.engine.abi import checksum
from tandem.engine.artifacts import ROOT, load_npm
from tandem.errors import ConfigError
from tandem.protocol.deployment import FOLDER
from tandem.protocol.outside import ROLLUPS
from tandem.protocol.recipe import Recipe, load_recipes
from tandem.protocol.steps import steps
from tandem.venues._tokens import BRIDGED
from tandem.venues.morpho.ledger import id_of

BOOK = ROOT / "node_modules" / "@aave-dao" / "aave-address-book" / "dist"
# chain -> the book's page, and its names of the issuer's dollar, of the bridge's and of wrapped bitcoin.
CHAINS = {
    "arbitrum": ("AaveV3Arbitrum", "USDCn", "USDC", "WBTC"),
    "base": ("AaveV3Base", "USDC", "USDbC", "cbBTC"),
    "optimism": ("AaveV3Optimism", "USDCn", "USDC", "WBTC"),
}
# Their markets, with what is on them.
MARKETS = {"eth": "ETH", "btc": "BTC"}
EACH = [(chain, market) for chain in CHAINS for market in MARKETS]
# Of Uniswap v3, by its publisher's page of deployments; Base has one of its own.
FACTORY = {
    "arbitrum": "0x1F98431c8aD98523631AE4a59f267346ea31F984",
    "base": "0x33128a8fC17869897dcE68Ed026d694621f6FDfD",
    "optimism": "0x1F98431c8aD98523631AE4a59f267346ea31F984",
}
FEE = 500


@cache
def file_of(chain: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{chain}.toml").read_text())


def venue_of(chain: str, market: str) -> dict[str, str]:
    return file_of(chain)["markets"][market]["venue"]


@cache
def page_of(chain: str) -> str:
    return (BOOK / f"{CHAINS[chain][0]}.mjs").read_text()


def underlying(chain: str, token: str) -> str:
    """A reserve's token, as the book has it."""
    return reserve(chain, token, "UNDERLYING")


def reserve(chain: str, token: str, part: str) -> str:
    entry = re.search(rf"\n  {token}: \{{(.*?)\n  \}}", page_of(chain), re.DOTALL)
    assert entry is not None
    found = re.search(rf'{part}: "(0x[0-9a-fA-F]{{40}})"', entry[1])
    assert found is not None
    return found[1]


def constant(chain: str, name: str) -> str:
    found = re.search(rf'var {name} = "?([0-9a-zA-Zx]+)"?;', page_of(chain))
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("chain", "market"), EACH)
def test_the_lending_market_and_both_tokens_are_its_publishers(chain: str, market: str) -> None:
    venue = venue_of(chain, market)
    base = CHAINS[chain][3] if market == "btc" else "WETH"
    assert file_of(chain)["chain_id"] == int(constant(chain, "CHAIN_ID"))
    assert venue["provider"] == constant(chain, "POOL_ADDRESSES_PROVIDER")
    assert venue["weth"] == underlying(chain, base)
    assert venue["usdc"] == underlying(chain, CHAINS[chain][1])


@pytest.mark.parametrize(("chain", "market"), EACH)
def test_the_bridges_dollar_is_known_and_not_taken(chain: str, market: str) -> None:
    """In the book of two of the three chains the bridge's is the one that is called USDC."""
    bridged = underlying(chain, CHAINS[chain][2])
    assert BRIDGED[file_of(chain)["chain_id"]] == bridged
    assert bridged not in venue_of(chain, market).values()


@pytest.mark.parametrize(("chain", "market"), EACH)
def test_the_pool_is_where_its_factory_puts_it(chain: str, market: str) -> None:
    venue = venue_of(chain, market)
    assert venue["pool"] == pool_of(chain, venue, FEE)


def pool_of(chain: str, venue: dict[str, str], fee: int) -> str:
    """Where the factory puts it."""
    first, second = sorted((venue["usdc"], venue["weth"]), key=lambda a: int(a, 16))
    words = [bytes.fromhex(each[2:]).rjust(32, b"\0") for each in (first, second)]
    salt = keccak(b"".join(words) + fee.to_bytes(32, "big"))
    code = keccak(load_npm("@uniswap/v3-core", "UniswapV3Pool").bytecode)
    place = keccak(b"\xff" + bytes.fromhex(FACTORY[chain][2:]) + salt + code)[12:]
    return checksum("0x" + place.hex())


def test_the_set_is_its_chains_file_and_a_second_lender() -> None:
    """With a pool of its own: no two venues share one."""
    whole = file_of("base-set")
    alone, both = venue_of("base", "eth"), whole["markets"]["eth"]["venue"]
    assert both["kind"] == "aave+morpho"
    first = both["aave"] | {"kind": "aave"} | {key: both[key] for key in ("usdc", "feed")}
    assert first == alone
    for key in ("chain_id", "roles", "settings"):
        assert whole[key] == file_of("base")[key]
    second = both["morpho"] | {"usdc": both["usdc"]}
    assert second["weth"] == alone["weth"]
    assert second["pool"] == pool_of("base", second, 3_000) != alone["pool"]


@pytest.mark.parametrize(
    ("sign", "loan", "collateral"), [("short", "weth", "usdc"), ("long", "usdc", "weth")]
)
def test_the_second_lenders_markets_are_what_their_ids_say(
    sign: str, loan: str, collateral: str
) -> None:
    venue = file_of("base-set")["markets"]["eth"]["venue"]
    second = venue["morpho"] | {"usdc": venue["usdc"]}
    oracle, lltv = morpho_on_base.ORACLES[sign], morpho_on_base.LLTV
    told = (second[loan], second[collateral], oracle, morpho_on_base.RATES, lltv)
    assert second["lender"] == morpho_on_base.LENDER
    assert second[f"{sign}_market"] == id_of(told)


@pytest.mark.parametrize("market", MARKETS)
def test_where_the_lender_goes_by_the_feed_itself_the_file_names_that_one(market: str) -> None:
    """On OP Mainnet. On the other two the lender's are others, and no publisher's package has Chainlink's."""
    token = CHAINS["optimism"][3] if market == "btc" else "WETH"
    assert venue_of("optimism", market)["feed"] == reserve("optimism", token, "ORACLE")


def test_every_feed_is_another() -> None:
    feeds = [venue_of(*each)["feed"] for each in EACH]
    assert len(set(feeds)) == len(feeds)


@pytest.mark.parametrize("chain", CHAINS)
def test_it_is_a_rollup_with_its_sequencers_feed_and_roles_that_must_be_named(chain: str) -> None:
    raw = file_of(chain)
    assert raw["chain_id"] in ROLLUPS
    assert int(raw["settings"]["sequencer_feed"], 16)
    with pytest.raises(
        ConfigError, match=r"roles\.owner, roles\.guardian, roles\.lister"
    ) as caught:
        load_recipes(FOLDER / f"{chain}.toml")
    assert f"on chain {raw['chain_id']} they would be the deployer's" in str(caught.value)


def with_roles(name: str, folder: Path) -> tuple[Recipe, ...]:
    """The file with what a deployer adds: four lines."""
    people = [f"0x{digit * 40}" for digit in "12345"]
    roles = f"[roles]\nowner = '{people[0]}'\nguardian = '{people[1]}'\nlister = '{people[2]}'\n"
    roles += f"signers = {people[3:]}\n"
    text = (FOLDER / f"{name}.toml").read_text()
    file = folder / "there.toml"
    file.write_text(re.sub(r"\[roles\][^\n]*\n", roles, text))
    recipes = load_recipes(file)
    for recipe in recipes:
        assert set(recipe.venue.needed) <= set(recipe.addresses)
        assert recipe.settings.signatures == 2
    return recipes


@pytest.mark.parametrize("chain", CHAINS)
def test_with_roles_it_is_a_whole_recipe(chain: str, tmp_path: Path) -> None:
    """Nothing else is missing or unknown."""
    recipes = with_roles(chain, tmp_path)
    assert {recipe.market: recipe.asset for recipe in recipes} == MARKETS
    assert {recipe.venue.name for recipe in recipes} == {"aave"}
    ether, bitcoin = recipes
    assert bitcoin.addresses["ether_feed"] == ether.addresses["feed"]
    assert ether.settings.max_price < bitcoin.settings.max_price


def test_with_roles_the_set_is_one_too(tmp_path: Path) -> None:
    (recipe,) = with_roles("base-set", tmp_path)
    assert (recipe.name, recipe.asset, recipe.venue.name) == ("base-set-eth", "ETH", "aave+morpho")


def test_who_has_sent_nothing_has_one_deployment_on_all_three(tmp_path: Path) -> None:
    """Both markets of each file, one after the other: by their numbers alone, whatever is in them."""
    deployer, found = f"0x{'6' * 40}", list[list[tuple[str, str]]]()
    for chain in CHAINS:
        first, there = 0, list[tuple[str, str]]()
        for recipe in with_roles(chain, tmp_path):
            made = steps(recipe, deployer, first, recipe.addresses)
            there += [(step.name, step.address) for step in made]
            first += len(made)
        found.append(there)
    assert found[0] == found[1] == found[2]
    assert len({place for _, place in found[0]}) == len(found[0]) > 30
