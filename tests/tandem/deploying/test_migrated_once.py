"""`tandem deploy migrate` run again: what an earlier run sent is known by its journal, whatever the node
knows, and an LP's other money stays his."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from lived_in import Market, live

from tandem.client import Bounds, Client
from tandem.client import migration_journal as journals
from tandem.client.migration import MigrationError, carry_out
from tandem.client.migration_journal import head_of, place_of
from tandem.engine.relay import Far, serving
from tandem.engine.signers import Signer, from_key
from tandem.errors import TandemError
from tandem.model.svi import Slice
from tandem.protocol.applying import apply
from tandem.protocol.deployment import FOLDER, Deployment
from tandem.protocol.journal_lines import JournalError
from tandem.protocol.recipe import Recipe, load_recipe
from tandem.units import HOUR, USD, WAD

SMILE = Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)
SEND, RECEIPT, COUNT = (
    "eth_sendRawTransaction",
    "eth_getTransactionReceipt",
    "eth_getTransactionCount",
)
# Account 7 of anvil's public mnemonic: everybody knows its key, it guards nothing.
MNEMONIC = "test test test test test test test test test test test junk"
OWN = 200_000 * USD
"""Money of the LP's that is not of the migration."""
Question = dict[str, Any]


class Crossing:
    """An LP who may claim from the old one, and how his commands reach the chain."""

    def __init__(self, market: Market, new: Path, lp: Signer) -> None:
        self.market, self.new, self.lp = market, new, lp
        self.vault = Deployment.load(new).address("Vault").lower()

    def sessions(self, url: str = "") -> tuple[Any, Any]:
        way = url or self.market.url
        files = (self.market.file, self.new)
        made = [Client.connect(way, file, self.lp, Bounds(wait=5)).session for file in files]
        return made[0], made[1]

    @property
    def journal(self) -> Path:
        return place_of(self.new, head_of(*self.sessions()))

    def migrate(self, between: Callable[[Question], Question] | None = None) -> list[str]:
        """What a run sent. between: what answers in the node's stead."""
        if between is None:
            return [each.note for each in carry_out(*self.sessions(), journal=self.journal)]
        with serving(between) as url:
            return [each.note for each in carry_out(*self.sessions(url), journal=self.journal)]

    def own(self) -> int:
        return self.market.tandem.exchange.usdc.call("balanceOf", self.lp.address)

    def count(self) -> int:
        return int(self.market.engine.request(COUNT, [self.lp.address, "latest"]), 16)


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crossing]:
    """A market with an open book and an LP whose exit was processed, an empty market on the same venue."""
    folder = tmp_path_factory.mktemp("deployments")
    Account.enable_unaudited_hdwallet_features()
    key = Account.from_mnemonic(MNEMONIC, account_path="m/44'/60'/0'/0/7").key.hex()
    lp = from_key(key)
    with live(folder / "old.json") as market:
        local, t = load_recipe(FOLDER / "local.toml"), market.tandem
        venue = {key: market.deployment.venue[key] for key in local.venue.needed}
        recipe: Recipe = replace(local, name="new", price=None, addresses=venue)
        apply(market.engine, recipe, market.engine.accounts[8]).save(folder / "new.json")
        crossing = Crossing(market, folder / "new.json", lp)
        t.give(lp.address, 50_000 * USD)
        client = Client.connect(market.url, market.file, lp, Bounds())
        client.deposit(50_000)
        crossing.migrate()  # he asks to leave
        market.engine.advance(26 * HOUR)
        t.exchange.set_index(2_500 * WAD)
        t.post({market.series.expiry: SMILE})
        t.vault.process(8).send(t.keeper)
        t.give(lp.address, OWN)
        yield crossing


@pytest.fixture
def crossing(lives: Crossing, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crossing]:
    monkeypatch.setattr(journals, "LAG", 0.5)
    engine, kept = lives.market.engine, lives.journal.read_bytes()
    mark, began = engine.request("evm_snapshot", []), engine.now()
    yield lives
    lives.journal.write_bytes(kept)
    engine.request("evm_revert", [mark])
    engine.request("evm_setTime", [began])


class Behind:
    """A machine that lacks the new Vault's events. receipts: whether it has the last transaction's; counts:
    how many of the account's it does not count."""

    def __init__(self, crossing: Crossing, *, receipts: bool = True, counts: int = 0) -> None:
        self.far, self.vault = Far(crossing.market.url), crossing.vault
        self.counts = counts
        last = json.loads(crossing.journal.read_text().splitlines()[-1])["hash"]
        self.lacks = [] if receipts else [last]

    def __call__(self, question: Question) -> Question:
        answer, method = self.far(question), question["method"]
        if method == "eth_getLogs" and self.vault in json.dumps(question["params"]).lower():
            answer["result"] = []
        if method == RECEIPT and question["params"][0] in self.lacks:
            answer["result"] = None
        if method == COUNT:
            answer["result"] = hex(int(str(answer["result"]), 16) - self.counts)
        return answer


def test_run_again_behind_a_node_without_its_log_deposits_nothing_more(crossing: Crossing) -> None:
    """It deposited as much of the LP's other money, as often as it was run."""
    sent = crossing.migrate()
    assert sum(note.startswith("deposit") for note in sent) == 1
    assert crossing.own() == OWN
    assert crossing.migrate(Behind(crossing)) == []
    assert crossing.own() == OWN


def test_a_node_without_its_receipt_is_named_and_nothing_is_sent(crossing: Crossing) -> None:
    crossing.migrate()
    with pytest.raises(MigrationError, match="no receipt") as caught:
        crossing.migrate(Behind(crossing, receipts=False))
    assert "caught up" in caught.value.hint
    assert crossing.own() == OWN


def test_two_nodes_that_differ_about_what_was_done_have_nothing_sent(crossing: Crossing) -> None:
    """The first says that the deposit failed: it would be done again, with the LP's other money."""
    crossing.migrate()
    own, sent = crossing.own(), crossing.count()
    far = Far(crossing.market.url)

    def failed(question: Question) -> Question:
        answer = far(question)
        if question["method"] == RECEIPT and answer["result"]:
            answer["result"] |= {"status": "0x0"}
        return answer

    with serving(failed) as url:
        sessions = crossing.sessions(f"{url},{crossing.market.url}")
        with pytest.raises(MigrationError, match="two nodes say different things") as error:
            carry_out(*sessions, journal=crossing.journal)
    assert error.value.hint
    assert (crossing.own(), crossing.count()) == (own, sent)


def test_a_node_that_counts_as_before_gets_the_number_of_before(crossing: Crossing) -> None:
    """It has neither the deposit, nor its log, nor its number: the chain refuses another of that number."""
    crossing.migrate()
    with pytest.raises(TandemError, match="nonce too low"):
        crossing.migrate(Behind(crossing, receipts=False, counts=1))
    assert crossing.own() == OWN


def test_a_count_that_moves_under_a_run_stops_it(crossing: Crossing) -> None:
    """One machine counts as before, the next one has the deposit: its number would be free for another."""
    crossing.migrate()
    behind, asked = Behind(crossing, receipts=False, counts=1), list[str]()

    def between(question: Question) -> Question:
        asked.append(question["method"])
        behind.counts = 0 if "eth_estimateGas" in asked else 1
        return behind(question)

    with pytest.raises(MigrationError, match="sent meanwhile"):
        crossing.migrate(between)
    assert crossing.own() == OWN


@pytest.mark.sampled(2)
@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_ended_at_each_transaction_it_goes_on(crossing: Crossing, at: int, heard: bool) -> None:
    """Before the node hears of it, and before its answer: the claim, an allowance, the deposit."""
    far, sent, before = Far(crossing.market.url), list[str](), crossing.count()

    def between(question: Question) -> Question:
        if question["method"] == SEND:
            sent.append(SEND)
            if len(sent) == at and heard:
                far(question)
        if len(sent) >= at:
            raise ConnectionError
        return far(question)

    with pytest.raises(TandemError):
        crossing.migrate(between)
    crossing.migrate()
    assert crossing.own() == OWN
    done = crossing.count()
    assert crossing.migrate() == []
    assert crossing.count() == done <= before + 3


def test_what_is_written_down_and_never_came_is_sent_with_its_number(crossing: Crossing) -> None:
    """The journal says what was about to be sent, and no node ever heard of it."""
    lines = crossing.journal.read_text()
    row = {"nonce": crossing.count(), "hash": "0x" + "22" * 32, "to": "0x", "note": "claim"}
    crossing.journal.write_text(lines + json.dumps(row) + "\n")
    crossing.migrate()
    assert crossing.own() == OWN
    numbers = [json.loads(line).get("nonce") for line in crossing.journal.read_text().splitlines()]
    assert numbers.count(row["nonce"]) == 2


def test_a_journal_of_another_migration_is_refused(crossing: Crossing) -> None:
    head, *rows = crossing.journal.read_text().splitlines()
    other = json.loads(head) | {"old": crossing.vault}
    crossing.journal.write_text("\n".join([json.dumps(other), *rows, ""]))
    with pytest.raises(JournalError, match="another migration"):
        crossing.migrate()
