"""What a deployment's journal refuses, and what it goes on with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chain_of_others import Chain, Request
from cut_off import CONTRACTS, SEND, all_of

from tandem.client import turns
from tandem.client.errors import ClientError
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import from_key
from tandem.errors import TandemError
from tandem.protocol.applying import apply
from tandem.protocol.deploy_journal import journal_of, opened, read
from tandem.protocol.journal_lines import JournalError
from tandem.protocol.recipe import load_recipe
from tandem.protocol.tandem import LOCAL_KEEPER_KEY, LOCAL_SIGNER_KEY
from tandem.terminal import deploying
from tandem.terminal.deploying import carry_out


@pytest.fixture
def begun(chain: Chain, tmp_path: Path) -> Path:
    """Where a deployment is to be written that was begun."""
    path = tmp_path / "there.json"
    apply(chain.engine(), chain.recipe, chain.deployer, journal=journal_of(path, "there"))
    return path


def again(chain: Chain, path: Path, key: str = LOCAL_KEEPER_KEY) -> Any:
    signer = from_key(key)
    engine = RemoteEngine(
        chain.engine().request, signers={signer.address: signer.sign}, is_development=False
    )
    recipe = load_recipe(chain.file)
    return carry_out(engine, recipe, signer.address, path, replace=False, said=lambda _: None)


def test_another_file_does_not_go_on_with_it(chain: Chain, begun: Path) -> None:
    chain.file.write_text(chain.file.read_text().replace("max_age = 90_000", "max_age = 80_000"))
    with pytest.raises(
        TandemError, match=r"began with all = 0x|not what the sources give"
    ) as caught:
        again(chain, begun)
    assert "journal" in str(caught.value)


def test_another_key_does_not_go_on_with_it(chain: Chain, begun: Path) -> None:
    with pytest.raises(JournalError, match="began with deployer = "):
        again(chain, begun, LOCAL_SIGNER_KEY)


def test_two_do_not_write_one_journal(chain: Chain, begun: Path) -> None:
    with (
        opened(journal_of(begun, "there")),
        pytest.raises(JournalError, match="another deployment is writing"),
    ):
        again(chain, begun)


def test_who_looked_while_another_ended_sends_nothing(
    chain: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's journal was gone, with what it said: all of it was deployed once more, and the record of
    what stood was replaced."""
    path, looks = tmp_path / "there.json", deploying._check

    def meanwhile(*given: Any, **how: Any) -> None:
        looks(*given, **how)
        monkeypatch.setattr(deploying, "_check", looks)
        all_of(chain, path)

    before = chain.engine().nonce(chain.deployer)
    monkeypatch.setattr(deploying, "_check", meanwhile)
    with pytest.raises(JournalError, match="written meanwhile"):
        all_of(chain, path)
    assert chain.engine().nonce(chain.deployer) == before + CONTRACTS
    assert not list(tmp_path.glob("*.before-*"))


def test_another_of_the_same_deployer_waits_for_its_end(
    chain: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To another file: it took the first one's next number, and what that had deployed was lost."""
    monkeypatch.setattr(deploying, "TURN_SECONDS", 0.2)
    sent, told = list[str](), list[str]()

    def between(ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            if method == SEND:
                sent.append(method)
            if len(sent) == 3 and not told:
                told.append("")
                with monkeypatch.context() as patch:  # another process knows no thread of this one
                    patch.setattr(turns, "_turns", {})
                    with pytest.raises(ClientError) as error:
                        all_of(chain, tmp_path / "other.json")
                told.append(str(error.value))
            return ask(method, params)

        return request

    before = chain.engine().nonce(chain.deployer)
    all_of(chain, tmp_path / "there.json", between=between)
    assert "another command sends" in told[1]
    assert chain.engine().nonce(chain.deployer) == before + CONTRACTS


@pytest.mark.parametrize("text", ["no json\n", "[1]\n", '{"a": 1}\n', "\xff\n"])
def test_what_is_no_journal_is_left_alone(chain: Chain, tmp_path: Path, text: str) -> None:
    path = tmp_path / "there.json"
    journal = journal_of(path, "there")
    journal.write_text(text, encoding="latin-1")
    with pytest.raises(JournalError, match="is no deployment's journal"):
        again(chain, path)
    assert journal.read_text(encoding="latin-1") == text


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("first", "x"),
        ("first", -5),
        ("first", 2**64),
        ("venue", 5),
        ("venue", {"usdc": 5}),
        ("deployer", 7),
        ("deployer", "me"),
    ],
)
def test_a_first_line_that_is_none_is_named(
    chain: Chain, begun: Path, key: str, wrong: object
) -> None:
    """Each was a traceback."""
    rewrite(begun, lambda head: head | {key: wrong})
    with pytest.raises(JournalError, match="its first line is not as one begins"):
        again(chain, begun)


@pytest.mark.parametrize("part", ["usdc", "feed", "provider"])
def test_a_venue_that_a_first_line_lacks_is_named(chain: Chain, begun: Path, part: str) -> None:
    """It was a KeyError."""
    rewrite(begun, lambda head: head | {"venue": head["venue"] | {part: "x"}})
    with pytest.raises(JournalError, match=rf"in its first line venue\.{part} is 'x'"):
        again(chain, begun)
    rewrite(begun, lambda head: {**head, "venue": without(head["venue"], part)})
    with pytest.raises(JournalError, match=rf"its first line lacks venue\.{part}"):
        again(chain, begun)
    rewrite(begun, lambda head: head | {"venue": {}})
    with pytest.raises(JournalError, match=r"its first line lacks venue\.usdc"):
        again(chain, begun)


def without(table: dict[str, Any], key: str) -> dict[str, Any]:
    return {k: v for k, v in table.items() if k != key}


def rewrite(begun: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Somebody changes a journal's first line."""
    journal = journal_of(begun, "there")
    first, *rest = journal.read_text().splitlines(keepends=True)
    journal.write_text(json.dumps(change(json.loads(first))) + "\n" + "".join(rest))


def test_a_line_that_was_cut_off_was_not_sent(chain: Chain, begun: Path) -> None:
    """The disk was full in the middle of it: the line is forgotten, and written anew."""
    journal = journal_of(begun, "there")
    whole = journal.read_bytes()
    with journal.open("ab") as file:
        file.write(b'{"nonce": 17, "na')
    found = read(journal)
    assert found is not None
    assert found.numbers == frozenset(range(17))
    with opened(journal) as book:
        assert len(book) == 17
    assert journal.read_bytes() == whole
    again(chain, begun)
    assert begun.is_file()


def test_of_a_device_the_journal_lies_among_the_deployments() -> None:
    assert journal_of(Path("/dev/null"), "there").name == "there.journal.jsonl"
    assert journal_of(Path("/dev/null"), "there").parent.name == "deployments"
