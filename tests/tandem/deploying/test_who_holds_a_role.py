"""Who may hold a role on a chain of others: an owner that no single key moves, signers that are keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from chain_of_others import Chain
from click.testing import CliRunner, Result
from spoiled import Stands, is_found

from tandem.errors import ConfigError
from tandem.protocol.access import accesses
from tandem.protocol.applying import apply
from tandem.protocol.holders import UNREADABLE, holders
from tandem.protocol.outside import check_outside
from tandem.protocol.plan import plan
from tandem.protocol.recipe import Recipe, load_recipe
from tandem.protocol.tandem import LOCAL_KEEPER_KEY
from tandem.terminal.group import main

HAS_CODE = "has code, and a surface takes what keys sign"
SILENT = "0x00"
"""Code that stops, and answers nothing to anything."""
DELEGATED = "0xef0100" + "11" * 20
"""What stands at a key that acts by a contract's code (EIP-7702)."""


@pytest.fixture
def tandem(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    def run(chain: Chain, *words: str) -> Result:
        monkeypatch.setenv("TANDEM_RPC", chain.node.url)
        return CliRunner(mix_stderr=False).invoke(main, ["deploy", *words])

    return run


def owned(recipe: Recipe, owner: str) -> Recipe:
    return replace(recipe, roles=recipe.roles | {"owner": owner})


def test_an_owner_that_the_file_names_as_something_else_is_refused_by_name(chain: Chain) -> None:
    """The quote token passed as an owner: it has code, and is no Safe of one. Nobody ever signs for it."""
    r = chain.recipe
    places: dict[str, Any] = {f"venue.{key}": value for key, value in r.addresses.items()}
    places |= {
        f"settings.{key}": getattr(r.settings, key) for key in ("sequencer_feed", "data_fees")
    }
    engine = chain.engine()
    check_outside(engine, r)
    assert {"venue.usdc", "venue.feed", "venue.provider", "venue.pool", "venue.weth"} <= set(places)
    for place, owner in places.items():
        with pytest.raises(ConfigError, match=rf"roles\.owner .*: is {place} of the same file"):
            check_outside(engine, owned(r, owner))
    with pytest.raises(ConfigError, match=r"is venue\.usdc of the same file"):
        plan(engine, owned(r, places["venue.usdc"]), chain.deployer)


@pytest.mark.parametrize("role", ["guardian", "lister", "signers"])
def test_a_role_that_the_file_gives_to_who_deploys_is_refused(
    chain: Chain, tandem: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """Left out it was refused; named it stayed with a key that lay about on a machine."""
    named = chain.recipe.roles[role]
    was = named[0] if isinstance(named, list) else named
    chain.file.write_text(chain.file.read_text().replace(was, chain.deployer))
    monkeypatch.setenv("TANDEM_KEY", LOCAL_KEEPER_KEY)
    who = ("--deployer", chain.deployer)
    for words in (("plan", *who), ("plan",), ("apply", "--yes"), ("rehearse", *who)):
        done = tandem(chain, words[0], str(chain.file), *words[1:])
        assert done.exit_code == 2
        said = " ".join(done.stderr.split())
        assert f"roles.{role} {chain.deployer}: is who deploys" in said
    assert chain.engine().nonce(chain.deployer) == 0
    own = replace(load_recipe(chain.file), chain_id=31_337)
    assert list(holders(chain.engine(), own, chain.deployer)) == []


@pytest.mark.parametrize("role", ["guardian", "lister"])
def test_a_role_of_what_the_file_names_as_something_else_is_refused(
    chain: Chain, role: str
) -> None:
    """An address that was copied one line off: nobody would ever pause, or list."""
    recipe = replace(
        chain.recipe, roles=chain.recipe.roles | {role: chain.recipe.addresses["usdc"]}
    )
    with pytest.raises(ConfigError, match=rf"roles\.{role} .*: is venue\.usdc of the same file"):
        plan(chain.engine(), recipe, chain.deployer)


def test_an_owner_that_is_a_key_with_a_contracts_code_is_a_key(chain: Chain) -> None:
    """It has code since EIP-7702, and one signature moves it as before."""
    key = chain.node.accounts[7]
    chain.node.rpc("anvil_setCode", key, DELEGATED)
    recipe = owned(chain.recipe, key)
    with pytest.raises(ConfigError, match="is a key that acts by a contract's code: one key would"):
        check_outside(chain.engine(), recipe)
    rows = accesses(chain.engine(), recipe, chain.deployer)
    assert next(row.kind for row in rows if row.role == "owner") == "key"


def test_of_an_owner_that_is_no_safe_plan_says_that_nobody_can_tell(
    chain: Chain, tandem: Callable[..., Result]
) -> None:
    """It was good without a word."""
    silent = chain.node.accounts[8]
    chain.node.rpc("anvil_setCode", silent, SILENT)
    words = ("plan", str(chain.file), "--deployer", chain.deployer)
    assert UNREADABLE not in " ".join(tandem(chain, *words).stdout.split())
    text, count = re.subn('owner = ".*"', f'owner = "{silent}"', chain.file.read_text())
    assert count == 1
    chain.file.write_text(text)
    done = tandem(chain, *words)
    assert done.exit_code == 0, done.output
    assert f"roles.owner {silent}: {UNREADABLE}" in " ".join(done.stdout.split())


def test_and_verify_says_it_and_does_not_fail(
    stands: Stands, tandem: Callable[..., Result]
) -> None:
    words = ("verify", "--deployment", str(stands.record), "--recipe", str(stands.file))
    owner = stands.at("Guardian").call("owner")
    assert f"ok roles.owner {owner}" in " ".join(tandem(stands.chain, *words).stdout.split())
    stands.node.rpc("anvil_setCode", owner, SILENT)
    done = tandem(stands.chain, *words)
    assert done.exit_code == 0, done.output
    assert f"warn roles.owner {owner} {UNREADABLE}" in " ".join(done.stdout.split())


def test_a_signer_with_code_is_refused_and_nothing_is_sent(chain: Chain) -> None:
    """A Safe as signer was taken, and no surface was ever posted: a contract's word (ERC-1271) counts for
    nothing there."""
    signer = chain.recipe.roles["signers"][1]
    chain.node.rpc("anvil_setCode", signer, SILENT)
    before = chain.engine().nonce(chain.deployer)
    for refused in (plan, apply):
        with pytest.raises(ConfigError, match=rf"roles\.signers {signer}: {HAS_CODE}"):
            refused(chain.engine(), chain.recipe, chain.deployer)
    assert chain.engine().nonce(chain.deployer) == before
    chain.node.rpc("anvil_setCode", signer, DELEGATED)  # its key signs as before
    check_outside(chain.engine(), chain.recipe)


def test_verify_finds_a_signer_that_has_code_since(stands: Stands) -> None:
    signer = stands.chain.recipe.roles["signers"][0]
    stands.node.rpc("anvil_setCode", signer, SILENT)
    is_found(stands, [("roles.signers", HAS_CODE)])


def test_on_a_chain_of_ones_own_anybody_may(chain: Chain) -> None:
    recipe = replace(owned(chain.recipe, chain.recipe.addresses["usdc"]), chain_id=31_337)
    assert list(holders(chain.engine(), recipe)) == []
