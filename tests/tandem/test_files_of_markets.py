"""A deployment file of several markets: what they share, what is each one's own, and whose a mistake is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tandem.errors import ConfigError
from tandem.protocol.deployment import FOLDER
from tandem.protocol.recipe import load_recipe, load_recipes

LOCAL = FOLDER / "local.toml"

FILE = """
name = "there"
chain_id = 31337
asset = "ETH"
[roles]
signers = ["0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"]
[settings]
max_age = 1_320
timelock = 7_200
[terms]
hour = 60_000
[markets.eth.venue]
deploy = true
[markets.btc]
asset = "BTC"
[markets.btc.venue]
kind = "aave+morpho"
deploy = true
price = 60_000
[markets.btc.settings]
max_age = 3_960
min_price = 6_000
max_price = 1_000_000
[markets.btc.terms]
hour = 2_000
jump = 20_000
"""


def written(folder: Path, text: str = FILE) -> Path:
    file = folder / "there.toml"
    file.write_text(text)
    return file


def test_each_market_has_what_is_shared_and_its_own_over_it(tmp_path: Path) -> None:
    eth, btc = load_recipes(written(tmp_path))
    assert [(r.name, r.market, r.asset) for r in (eth, btc)] == [
        ("there-eth", "eth", "ETH"),
        ("there-btc", "btc", "BTC"),
    ]
    assert (eth.venue.name, btc.venue.name) == ("curie", "aave+morpho")
    assert (eth.price, btc.price) == (2_500, 60_000)
    assert eth.roles == btc.roles
    assert (eth.settings.max_age, btc.settings.max_age) == (1_320, 3_960)
    assert eth.settings.timelock == btc.settings.timelock == 7_200
    assert eth.settings.terms == {"hour": 60_000}
    assert btc.settings.terms == {"hour": 2_000, "jump": 20_000}


THERE = """
name = "there"
chain_id = 31337
[roles]
signers = ["0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"]
[settings]
max_age = 1_320
[markets.btc]
asset = "BTC"
[markets.btc.venue]
kind = "curie+aave"
usdc = "{0}1"
feed = "{0}2"
[markets.btc.venue.curie]
clearing_house = "{0}3"
base = "{0}4"
[markets.btc.venue.aave]
weth = "{0}5"
provider = "{0}6"
pool = "{0}7"
[markets.btc.settings]
max_age = 3_960
min_price = 6_000
max_price = 1_000_000
[markets.eth.venue]
usdc = "{0}1"
feed = "{0}8"
clearing_house = "{0}3"
base = "{0}9"
""".format("0x" + "0" * 39)


def test_ethers_price_is_the_files_market_on_ethers(tmp_path: Path) -> None:
    """Its feed, and that one's age: a table of another asset needs no line for it, and may have its own."""
    btc, eth = load_recipes(written(tmp_path, THERE))
    assert int(btc.addresses["ether_feed"], 16) == int(eth.addresses["feed"], 16) == 8
    assert (btc.settings.ether_max_age, btc.settings.max_age) == (1_320, 3_960)
    assert "ether_feed" not in eth.addresses
    own = THERE.replace('feed = "0x' + "0" * 39 + '2"', 'feed = "{0}2"\nether_feed = "{0}a"')
    btc, _ = load_recipes(written(tmp_path, own.format("0x" + "0" * 39)))
    assert int(btc.addresses["ether_feed"], 16) == 10
    assert btc.settings.ether_max_age is None
    alone = THERE[: THERE.index("[markets.eth")]
    with pytest.raises(
        ConfigError, match=r"btc\]: venue\.ether_feed is left out.* on BTC"
    ) as caught:
        load_recipes(written(tmp_path, alone))
    assert "a market on ETH in the same file" in caught.value.hint


def test_one_of_them_is_had_by_its_name(tmp_path: Path) -> None:
    file = written(tmp_path)
    assert load_recipe(file, "btc") == load_recipes(file)[1]
    with pytest.raises(ConfigError, match="has several markets: eth, btc") as caught:
        load_recipe(file)
    assert "--market" in caught.value.hint
    with pytest.raises(ConfigError, match="has no market 'sol'") as caught:
        load_recipe(file, "sol")
    assert "eth, btc" in caught.value.hint
    with pytest.raises(ConfigError, match="has one market, without a name"):
        load_recipe(LOCAL, "eth")


def test_a_mistake_in_what_markets_share_is_the_files(tmp_path: Path) -> None:
    """It was said of the first, whatever market was asked for."""
    shared = FILE.replace("timelock = 7_200", "timelock = 'soon'")
    with pytest.raises(ConfigError, match=r"there\.toml: settings\.timelock"):
        load_recipe(written(tmp_path, shared), "btc")
    own = FILE.replace("max_age = 3_960", "max_age = 'x'")
    with pytest.raises(ConfigError, match=r"toml \[markets\.btc\]: settings\.max_age"):
        load_recipes(written(tmp_path, own))


@pytest.mark.parametrize("price", ['"60000"', "true", "nan"])
def test_a_price_is_a_number(tmp_path: Path, price: str) -> None:
    """Text was taken, too."""
    with pytest.raises(ConfigError, match=r"venue\.price = .* is no number") as caught:
        load_recipes(written(tmp_path, FILE.replace("price = 60_000", f"price = {price}")))
    assert "without quotes" in caught.value.hint


def test_a_file_of_one_named_market_needs_no_name(tmp_path: Path) -> None:
    """It has no other; the name stays in its record's."""
    alone = FILE[: FILE.index("[markets.btc]")]
    assert load_recipe(written(tmp_path, alone)).name == "there-eth"


def test_a_file_without_markets_is_as_it_was() -> None:
    (recipe,) = load_recipes(LOCAL)
    assert (recipe.name, recipe.market, recipe.asset) == ("local", "", "ETH")
    assert recipe == load_recipe(LOCAL)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[terms]", "[venue]\ndeploy = true\n[terms]", r"\[venue\] stands beside \[markets\]"),
        ("[markets.eth.venue]", '[markets."../x".venue]', "'../x' cannot name a file"),
        ("[markets.eth.venue]", '[markets."".venue]', "'' cannot name a file"),
        ("[markets.eth.venue]", "[markets.Eth.venue]", "'Eth' cannot name a file"),
        ("[markets.eth.venue]", "[markets.eth.roles]", r"unknown markets\.eth\.roles"),
        ('asset = "BTC"', 'asset = "btc"', r"\[markets\.btc\]: asset = 'btc' names no asset"),
        ('asset = "ETH"', "asset = 7", r"asset = 7 names no asset"),
        ("price = 60_000", "price = 1", r"\[markets\.btc\]: venue\.price = 1 is out of bounds"),
        ("[markets.btc.settings]", "[markets.btc.settings]\nage = 1", r"btc\]: unknown settings\."),
        ("[settings]", '[settings]\nasset = "BTC"', "unknown settings.asset"),
        ("max_price = 1_000_000\n", "", r"btc\]: settings\.max_price left out, .* on BTC"),
        ("min_price = 6_000\nmax_price = 1_000_000\n", "", r"settings\.min_price, settings\.max_p"),
        ("deploy = true\n[markets.btc]\n", "[markets.btc]\n", r"eth\]: venue lacks"),
    ],
)
def test_a_mistake_in_a_market_is_refused_by_name(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    assert before in FILE
    file = written(tmp_path, FILE.replace(before, after, 1))
    with pytest.raises(ConfigError) as caught:
        load_recipes(file)
    assert re.search(said, str(caught.value)), caught.value


@pytest.mark.parametrize(
    "markets",
    ["3", "{}", "{eth = 1}", "{eth = {settings = 1}}"],
)
def test_markets_that_are_none_are_refused(tmp_path: Path, markets: str) -> None:
    text = f"markets = {markets}\n{FILE[: FILE.index('[markets.')]}"
    with pytest.raises(ConfigError, match=r"names no market|markets\.eth(\.settings)? is no table"):
        load_recipes(written(tmp_path, text))
