"""What is wrong in a deployment's file, or in the folder of records, is told by its cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from tandem.errors import ConfigError
from tandem.protocol.deployment import FOLDER, Deployment, NotDeployedError
from tandem.protocol.recipe import load_recipe, load_recipes

LOCAL = FOLDER / "local.toml"


def test_a_local_market_at_another_port_is_named_as_a_file(tmp_path: Path) -> None:
    """`--market 19545` led to the node that is not there."""
    (tmp_path / "local-19545.json").write_text("{}")
    with pytest.raises(NotDeployedError) as refused:
        Deployment.load(tmp_path / "local.json")
    assert "--market" not in refused.value.hint
    assert (
        f"--deployment, and its node with --rpc: {tmp_path / 'local-19545.json'}"
        in refused.value.hint
    )
    (tmp_path / "local-btc.json").write_text("{}")
    with pytest.raises(NotDeployedError) as refused:
        Deployment.load(tmp_path / "local.json")
    assert "--market: 19545, btc" in refused.value.hint


def test_bounds_between_which_there_is_no_price_are_named(tmp_path: Path) -> None:
    """It said that the venue's price was out of bounds, from 5000 to 100."""
    file = tmp_path / "there.toml"
    bounds = "[settings]\nmin_price = 5_000\nmax_price = 100\n"
    there = LOCAL.read_text()
    line = next(line for line in there.splitlines() if line.startswith("[settings]"))
    file.write_text(there.replace(f"{line}\n", bounds))
    with pytest.raises(ConfigError, match="min_price = 5000 is not under settings"):
        load_recipe(file)


def test_a_signer_that_is_named_twice_is_named(tmp_path: Path) -> None:
    who = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
    file = tmp_path / "there.toml"
    there = LOCAL.read_text()
    one = next(line for line in there.splitlines() if line.startswith("signers"))
    file.write_text(there.replace(one, f'signers = ["{who}", "{who.lower()}"]'))
    with pytest.raises(ConfigError, match=f"roles.signers has {who} twice"):
        load_recipe(file)


def test_a_line_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "there.toml"
    file.write_bytes(b'name = "there"\nchain_id = 31337\n# \xff\n')
    with pytest.raises(ConfigError, match="line 3 is not UTF-8"):
        load_recipe(file)


THREE_YEARS = 94_608_000


@pytest.mark.parametrize(
    ("key", "most"), [("max_age", 259_200), ("ether_max_age", 259_200), ("grace", 86_400)]
)
def test_an_age_that_no_feed_has_is_named(tmp_path: Path, key: str, most: int) -> None:
    """A `max_age` of three years passed, and stands for good: no price is ever stale then."""
    file = tmp_path / "there.toml"
    there = LOCAL.read_text()
    line = next(line for line in there.splitlines() if line.startswith("[settings]"))

    def written(seconds: int) -> Path:
        file.write_text(there.replace(f"{line}\n", f"[settings]\n{key} = {seconds}\n"))
        return file

    assert getattr(load_recipe(written(most)).settings, key) == most
    for wrong in (most + 1, THREE_YEARS):
        said = f"settings.{key} = {wrong} is more than {most} seconds"
        with pytest.raises(ConfigError, match=said) as refused:
            load_recipe(written(wrong))
        assert refused.value.hint.startswith("set it to ")


@pytest.mark.parametrize("chain", [1, 10, 31_338])
def test_a_venue_is_opened_on_a_chain_of_ones_own_alone(tmp_path: Path, chain: int) -> None:
    """It passed the plan and the rehearsal, and ended within `apply`, after a venue of stand-ins."""
    file = tmp_path / "there.toml"
    people = [f"0x{digit * 40}" for digit in "12345"]
    roles = f"[roles]\nowner = '{people[0]}'\nguardian = '{people[1]}'\nlister = '{people[2]}'\n"
    roles += f"signers = {people[3:]}\n"
    rest = "[venue]\ndeploy = true\n[settings]\nsignatures = 2\n"
    file.write_text(f"name = 'there'\nchain_id = {chain}\n{roles}{rest}")
    with pytest.raises(ConfigError, match=f"venue.deploy = true on chain {chain}") as refused:
        load_recipe(file)
    assert "name the addresses of the chain's venue" in refused.value.hint
    for own in (1_337, 31_337):
        file.write_text(file.read_text().replace(f"chain_id = {chain}", f"chain_id = {own}"))
        assert load_recipe(file).price is not None
        chain = own


@pytest.mark.proves("HG-13")
@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("loss_cap = 1", "0.1 at most"),
        ("loss_cap = 0.1001", "0.1 at most"),
        ("loss_period = 1", "604800 seconds at least"),
        ("loss_cap = 0.1\nloss_period = 604_800", ""),
    ],
)
def test_a_cap_of_losses_that_is_none_is_refused_on_a_public_chain(
    tmp_path: Path, line: str, hint: str
) -> None:
    """Beside one that was forgotten by the second a venue took 641,747 of a million in twenty minutes, 40,617
    beside the default."""
    file = tmp_path / "there.toml"
    keys = [f"0x{n:x}{'0' * 38}1" for n in range(1, 6)]
    roles = (
        f"owner = '{keys[0]}'\nguardian = '{keys[1]}'\nlister = '{keys[2]}'\nsigners = {keys[3:]}"
    )
    there = (FOLDER / "optimism.toml").read_text()
    for head, more in (("[roles]", roles), ("[settings]", line)):
        old = next(each for each in there.splitlines() if each.startswith(head))
        there = there.replace(f"{old}\n", f"{head}\n{more}\n")
    file.write_text(there)
    if not hint:
        assert {r.settings.loss_period for r in load_recipes(file)} == {604_800}
        return
    with pytest.raises(
        ConfigError, match=f"settings.{line.split()[0]} lets a venue take"
    ) as refused:
        load_recipes(file)
    assert hint in refused.value.hint
