"""A journal copied to a second machine, both at work with one key: each is told, and counts what both pay."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from listening import Said

from keeper.assembly import build
from keeper.cycle import Keeper
from keeper.execution import regained
from keeper.settings import load_settings
from tandem.connection import connect, signer_of

Run = Callable[..., Result]


@pytest.fixture
def machine(
    tandem: Run, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], tuple[Keeper, Said]]:
    """One more, with a copy of the journal that lies in the first one's place; no file is both machines'."""
    monkeypatch.setattr(regained, "DAY", 10**9)  # the node's clock is its own

    def begin(name: str) -> tuple[Keeper, Said]:
        (settings / name).mkdir()
        if (settings / "journal.sqlite").exists():
            shutil.copy(settings / "journal.sqlite", settings / name)
        monkeypatch.setenv("TANDEM_JOURNAL", str(settings / name / "journal.sqlite"))
        monkeypatch.setattr("keeper.lease.LEASES", settings / name)
        found, said = load_settings(), Said()
        return build(found, *connect(found), signer_of(found), said), said

    return begin


def test_each_of_two_machines_is_told_and_counts_what_the_other_spends(
    tandem: Run, market: Any, machine: Callable[[str], tuple[Keeper, Said]]
) -> None:
    """The page had it that "each says its nonce was used by another transaction": that is so where both send
    at once. By turns neither said anything for as long as it ran, and each had a day's gas of its own."""
    m = market
    m.engine.advance(700)
    assert tandem("run", "--once").exit_code == 0
    both = [machine("one"), machine("two")]
    for turn in range(6):
        m.engine.advance(700)
        m.move(2_500 + 60 * turn)
        both[turn % 2][0].cycle()
    paid = set[int]()
    for keeper, said in both:
        assert "sent with this key by somebody else" in said.warned
        keeper.cycle()
        assert keeper.sender is not None
        paid.add(keeper.sender.journal.paid_since(0))  # type: ignore[attr-defined]
        keeper.close()
    assert len(paid) == 1


def test_a_person_who_sends_with_the_keepers_key_is_asked_for_once(
    market: Any, machine: Callable[[str], tuple[Keeper, Said]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What he sends is no act of a keeper's: it is looked for once his nonce is seen, not in each cycle."""
    m, looks = market, list[int]()
    real = regained.regain
    monkeypatch.setattr(
        "keeper.execution.sender.regain", lambda *args: looks.append(1) or real(*args)
    )
    keeper, _ = machine("one")
    m.engine.advance(700)
    keeper.cycle()
    began = len(looks)
    me = m.tandem.keeper
    m.engine.request("eth_sendTransaction", [{"from": me, "to": me, "gas": "0x5208"}])
    for _ in range(4):
        m.engine.advance(12)
        keeper.cycle()
    assert len(looks) == began + 1
    keeper.close()
