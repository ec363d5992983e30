"""Who signs, which journal, where a deployment is written: nothing is guessed and nothing is lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from structlog.testing import CapturingLogger

import keeper.cli._journals
import keeper.cli.run
import keeper.process
import keeper.settings
from keeper.journal import Journal
from keeper.markets import crews
from keeper.process import attached
from tandem.cli.deploy import LOCAL_DEPLOYER
from tandem.engine.node import NodeDownError, WrongChainError
from tandem.protocol import deploy_journal
from tandem.protocol.applying import apply
from tandem.protocol.deployment import FOLDER
from tandem.protocol.recipe import load_recipe

Run = Callable[..., Result]
Ask = Callable[..., Any]
WAD = 10**18
DAY = 86_400


def refused(result: Result, said: str) -> None:
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert "what to do next: " in result.stderr
    assert result.stdout == ""


# ---------------------------------------------------------------- who signs


@pytest.fixture
def no_silverback(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Programs that the process would have become."""
    become: list[list[str]] = []

    def execve(_: str, arguments: list[str], __: dict[str, str]) -> None:
        become.append(arguments)
        raise SystemExit(0)

    monkeypatch.setattr(keeper.cli.run.os, "execve", execve)
    return become


@pytest.mark.parametrize("flags", [(), ("--once",), ("--json",)])
def test_without_a_key_nobody_signs(
    tandem: Run, monkeypatch: pytest.MonkeyPatch, no_silverback: list[Any], flags: tuple[str, ...]
) -> None:
    monkeypatch.delenv("TANDEM_KEY")
    refused(tandem("run", *flags), "there is no key to sign with")
    assert no_silverback == []


def test_silverback_is_started_only_for_an_account_that_is_named(
    tandem: Run, monkeypatch: pytest.MonkeyPatch, no_silverback: list[list[str]]
) -> None:
    monkeypatch.delenv("TANDEM_KEY")
    refused(tandem("run", "--silverback"), "no Ape account is named")
    monkeypatch.setenv("TANDEM_ACCOUNT", "keeper-alias")
    for flags in (("--once",), ("--json",)):
        refused(tandem("run", *flags), "Silverback knows neither")
    assert no_silverback == []
    assert tandem("run").exit_code == 0
    assert no_silverback[0][-2:] == ["--account", "keeper-alias"]


def test_a_live_run_prints_one_json_object_a_cycle(tandem: Run, market: Any) -> None:
    market.move(2_650)
    market.rest()
    result = tandem("run", "--once", "--json")
    assert result.exit_code == 0, result.output
    (line,) = result.stdout.splitlines()
    cycle = json.loads(line)
    assert "rebalance" in {act["kind"] for act in cycle["actions"]}
    assert all(act["state"] == "mined" for act in cycle["actions"])
    assert all(act["hash"].startswith("0x") for act in cycle["actions"])
    assert "rebalance" in result.stderr
    dry = tandem("run", "--dry-run", "--once", "--json")
    assert len(dry.stdout.splitlines()) == 1
    assert json.loads(dry.stdout)["intents"] == []


# ---------------------------------------------------------------- which journal


@pytest.fixture
def journals(monkeypatch: pytest.MonkeyPatch, settings: Path) -> Path:
    """An empty folder for journals that nobody placed."""
    monkeypatch.delenv("TANDEM_JOURNAL")
    for module in (keeper.settings, keeper.cli._journals):
        monkeypatch.setattr(module, "JOURNALS", settings / "keeper")
    return settings / "keeper"


def begin(folder: Path, deployment: str, account: str, reason: str) -> None:
    journal = Journal(folder / f"{deployment}-{account[:10].lower()}.sqlite", 31_337, account)
    journal.plan("settle", (1,), reason, 1)
    journal.close()


def test_the_journal_is_that_of_the_key_and_not_the_newest(
    tandem: Run, market: Any, journals: Path
) -> None:
    begin(journals, "local", market.tandem.keeper, "mine")
    begin(journals, "local", market.tandem.trader, "another account's, newer")
    begin(journals, "elsewhere", market.tandem.keeper, "another deployment's, newest")
    shown = tandem("journal")
    assert shown.exit_code == 0, shown.output
    assert "mine" in shown.stdout
    assert "another" not in shown.stdout
    assert market.tandem.keeper in shown.stdout
    theirs = tandem("journal", "--account", market.tandem.trader).stdout
    assert "another account's" in theirs


def test_where_several_would_do_they_are_listed_and_none_is_shown(
    tandem: Run, market: Any, journals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TANDEM_KEY")
    refused(tandem("journal"), "there is no journal in")
    begin(journals, "elsewhere", market.tandem.lp, "another deployment's")
    refused(tandem("journal"), "0 journals are of this deployment")
    begin(journals, "local", market.tandem.keeper, "mine")
    assert "mine" in tandem("journal").stdout
    begin(journals, "local", market.tandem.trader, "another's")
    several = tandem("journal")
    refused(several, "2 journals are of this deployment")
    for account in (market.tandem.keeper, market.tandem.trader):
        assert account[:10].lower() in several.stderr


# ---------------------------------------------------------------- where a deployment is written


def nonce(market: Any) -> str:
    deployer = market.engine.accounts[LOCAL_DEPLOYER]
    return market.engine.request("eth_getTransactionCount", [deployer, "latest"])


def test_a_deployment_is_not_overwritten_and_with_force_the_old_one_is_kept(
    tandem: Run, market: Any, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TANDEM_KEY")
    out, before = settings / "mine.json", nonce(market)
    out.write_text("the addresses of last year\n")
    refused(tandem("deploy", "apply", "--out", str(out)), "describes a deployment already")
    assert nonce(market) == before
    assert out.read_text() == "the addresses of last year\n"
    result = tandem("deploy", "apply", "--out", str(out), "--force")
    assert result.exit_code == 0, result.output
    assert json.loads(out.read_text())["name"] == "local"
    assert (settings / "mine.before-1.json").read_text() == "the addresses of last year\n"


@pytest.mark.parametrize("out", ["file/below.json", "."])
def test_a_place_that_cannot_be_written_is_named_before_anything_is_sent(
    tandem: Run, market: Any, settings: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    monkeypatch.delenv("TANDEM_KEY")
    (settings / "file").write_text("")
    before = nonce(market)
    refused(tandem("deploy", "apply", "--out", str(settings / out)), "cannot write")
    assert nonce(market) == before


def test_addresses_are_printed_when_the_disk_fills_up_meanwhile(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch, full_disk: Path, tmp_path: Path
) -> None:
    """Its journal stays, as nothing was written: here and not among the deployments of the checkout."""
    monkeypatch.delenv("TANDEM_KEY")
    monkeypatch.setattr(deploy_journal, "FOLDER", tmp_path)
    result = tandem("deploy", "apply", "--out", str(full_disk), "--json")
    assert result.exit_code == 2
    assert f"deployed, but cannot write {full_disk}: No space left on device" in result.stderr
    printed = json.loads(result.stdout)
    for part in printed["contracts"].values():
        assert market.engine.code(part["address"])


# ---------------------------------------------------------------- a recipe, before it is applied

BAD_SETTINGS = [
    ("timelock = 3600", "Guardian would not be constructed (guardian: delay bounds)"),
    ("loss_cap = 1.5", "Vault would not be constructed (lending: cap bounds)"),
    ("timelock = 172799", "Vault would not be constructed (vault: delay over timelock)"),
    ("exit_delay = 99999999", "Vault would not be constructed (vault: delay bounds)"),
    ("margin_least = 0.5", "CurieVenue would not be constructed (curie: margin bounds)"),
    ("imputed_cost = 0.2", "Market would not be constructed (market: imputed cost)"),
    ("max_age = -1", "settings.max_age = -1"),
    ("max_age = 0", "ChainlinkSpot would not be constructed (spot: no age)"),
    ("signatures = 2", "2 signature(s) are asked of 1 signer(s)"),
    ("max_price = 2000", "venue.price = 2500 is out of bounds"),
    ("grace = 'nan'", "settings.grace = 'nan' is no number"),
]


@pytest.mark.parametrize(("line", "said"), BAD_SETTINGS, ids=[line for line, _ in BAD_SETTINGS])
def test_what_a_constructor_would_refuse_is_refused_by_plan(
    tandem: Run, market: Any, settings: Path, monkeypatch: pytest.MonkeyPatch, line: str, said: str
) -> None:
    monkeypatch.delenv("TANDEM_KEY")
    text = (FOLDER / "local.toml").read_text().replace("timelock = 172800", line)
    (settings / "recipe.toml").write_text(text)
    before = nonce(market)
    for verb in (("plan",), ("apply", "--out", str(settings / "x.json"))):
        refused(tandem("deploy", *verb[:1], str(settings / "recipe.toml"), *verb[1:]), said)
    assert nonce(market) == before


def beside(market: Any, settings: Path, **changes: str) -> Path:
    """A recipe for a second system on the venue that stands there already."""
    known = market.deployment.recipe
    addresses = {part: market.deployment.venue[part] for part in known.needed} | changes
    lines = [f'{part} = "{address}"' for part, address in addresses.items()]
    file = settings / "beside.toml"
    head = f'name = "beside"\nchain_id = 31337\n[roles]\n[venue]\nkind = "{known.name}"\n'
    file.write_text(head + "\n".join(lines) + "\n")
    return file


def test_on_a_venue_that_stands_the_chain_itself_is_asked(
    tandem: Run, market: Any, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TANDEM_KEY")
    sound = tandem("deploy", "plan", str(beside(market, settings)), "--json")
    assert sound.exit_code == 0, sound.output
    planned = {item["name"]: item["address"] for item in json.loads(sound.stdout)["contracts"]}
    wrong = beside(market, settings, clearing_house=market.deployment.venue["usdc"])
    refused(tandem("deploy", "plan", str(wrong)), "is no clearing house of Perp v2")
    recipe = load_recipe(beside(market, settings))
    applied = apply(market.engine, recipe, market.engine.accounts[LOCAL_DEPLOYER])
    assert {name: part.address for name, part in applied.contracts.items()} == planned


def test_a_key_that_is_empty_keeps_nothing(
    tandem: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keeper with `TANDEM_KEY=$UNSET` ran until something was due, and ended then."""
    monkeypatch.setenv("TANDEM_KEY", "")
    refused = tandem("run", "--once")
    assert refused.exit_code == 2, refused.output
    assert "there is no key to sign with" in refused.stderr


def test_a_node_that_is_away_when_the_keeper_starts_is_waited_for(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that starts has its services before its network: none of them may end for that."""
    tries, real = iter(range(3)), keeper.process.connect

    def connect(given: Any) -> Any:
        for _ in tries:
            raise NodeDownError("no node answers", "start it")
        return real(given)

    monkeypatch.setenv("TANDEM_POLL_SECONDS", "0.01")
    monkeypatch.setattr(keeper.process, "connect", connect)
    log = CapturingLogger()
    (crew,) = crews(keeper.settings.load_settings())
    engine = attached(crew, threading.Event(), log)
    assert engine is not None
    assert engine.block() == market.engine.block()
    assert [call.args for call in log.calls] == [("no node answers; it is waited for",)]


def test_of_several_markets_the_one_of_another_chain_is_named(tandem: Run, market: Any) -> None:
    """It said which chain the node is of, and left whose file to look at to be guessed."""
    (crew,) = crews(keeper.settings.load_settings())
    (one,) = crew.markets
    far = replace(one, deployment=replace(one.deployment, chain_id=10, name="far"))
    both = replace(crew, markets=(one, far))
    with pytest.raises(WrongChainError) as refused:
        attached(both, threading.Event(), CapturingLogger())
    assert "the deployment is on 10: far" in str(refused.value)
    assert f"it is one of {one.name}, far" in str(refused.value)
