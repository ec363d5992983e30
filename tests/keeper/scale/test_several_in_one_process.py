"""Three markets that one key keeps: one node, one journal, a turn for each."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from faults.proxy import Proxy
from metrics.asking import figure

from keeper.journal import State, read_actions, read_entries
from keeper.journal_rows import Wanted
from scale.conftest import Keeping
from scale.street import Street


def rounds(keeping: Keeping, three: Street, count: int, seconds: int = 1) -> None:
    """Blocks, each with a round."""
    for _ in range(count):
        three.passes(seconds)
        keeping.group.turn()


def journal_in(folder: Path) -> Path:
    (found,) = (folder / "journals").glob("*.sqlite")
    return found


def test_one_key_keeps_all_by_one_queue_of_nonces(
    keeping: Keeping, three: Street, keyed: Path
) -> None:
    three.passes(700)
    three.move(2_650)
    before = three.residuals()
    sent = three.markets[0].nonce()
    rounds(keeping, three, 12, 10)
    assert all(after < 0.5 * was for after, was in zip(three.residuals(), before, strict=True))
    entries = read_entries(journal_in(keyed), Wanted(100))
    mined = [each for each in entries if each.action.state is State.MINED]
    assert {each.action.market for each in mined} == {"m0", "m1", "m2"}
    nonces = sorted(each.attempt.nonce for each in mined if each.attempt)
    assert nonces == list(range(sent, three.markets[0].nonce()))
    for name in ("m0", "m1", "m2"):
        own = [each for each in mined if each.action.market == name]
        kinds = {each.action.kind for each in own}
        assert {"post"} < kinds
        for kind in kinds:
            counted = figure(
                keeping.figures(), "tandem_actions_total", market=name, kind=kind, state="mined"
            )
            assert counted == sum(each.action.kind == kind for each in own)


def test_a_round_asks_as_often_for_three_as_for_one(
    through: Keeping, three: Street, proxy: Proxy
) -> None:
    rounds(through, three, 4, 60)
    assert not through.failures()
    three.passes(1)
    before = proxy.posts
    through.group.turn()
    # the block, what all are asked of it in two trips, and what the key has sent in five
    assert proxy.posts - before <= 8, proxy.asked[-20:]
    assert {seat.block for seat in through.group.seats} == {three.engine.block()}
    assert proxy.asked.count("eth_getBalance") <= 2, "the account is one"


def test_a_market_that_cannot_be_read_holds_up_no_other(keeping: Keeping, three: Street) -> None:
    """Its own error, its own figures; and it is kept again once it can be read."""
    lens = three.markets[1].deployment.address("Lens")
    code = three.engine.request("eth_getCode", [lens, "latest"])
    rounds(keeping, three, 3, 200)
    three.move(2_650)
    before = three.residuals()
    three.engine.request("anvil_setCode", [lens, "0x60006000fd"])
    rounds(keeping, three, 8, 10)
    three.engine.request("anvil_setCode", [lens, code])
    after = three.residuals()
    assert after[0] < 0.5 * before[0]
    assert after[2] < 0.5 * before[2]
    assert after[1] == pytest.approx(before[1], rel=0.1)
    said = keeping.failures()
    assert {line["market"] for line in said} == {"m1"}
    assert figure(keeping.figures(), "tandem_cycles_failed_total", market="m1") >= 1
    assert figure(keeping.figures(), "tandem_cycles_failed_total", market="m0") == 0
    keeping.group.seats[1].rests_until = 0.0
    rounds(keeping, three, 8, 10)
    assert three.residuals()[1] < 0.5 * before[1]


def test_other_code_at_one_market_ends_that_one_alone(keeping: Keeping, three: Street) -> None:
    vault = three.markets[2].deployment.address("Vault")
    code = three.engine.request("eth_getCode", [vault, "latest"])
    three.engine.request("anvil_setCode", [vault, code + "00"])
    three.passes(700)
    three.move(2_650)
    before = three.residuals()
    rounds(keeping, three, 10, 10)
    after = three.residuals()
    assert after[0] < 0.5 * before[0]
    assert after[1] < 0.5 * before[1]
    assert keeping.group.seats[2].halted
    (line,) = keeping.said("error")
    assert line["market"] == "m2"
    assert "other code stands at Vault" in line["error"]
    assert "m2: it halted: other code stands at Vault" in keeping.meters.lacks()
    assert keeping.meters.stuck() == ""


def test_what_all_share_is_told_once(keeping: Keeping, three: Street) -> None:
    rounds(keeping, three, 2)
    text = keeping.figures()
    assert text.count("tandem_node_up{") == 1
    assert text.count("# TYPE tandem_residual_asset gauge") == 1
    assert text.count("tandem_residual_asset{") == 3
    assert figure(text, "tandem_open_transactions") == 0
    shared = {"account": keeping.group.seats[0].keeper.account, "chain": "31337"}
    assert figure(text, "tandem_account_balance_eth", **shared)
    assert figure(text, "tandem_paid_wei_total", market="m1", kind="post", **shared) is not None


def test_a_transaction_that_waits_is_carried_on_by_the_next_round_of_any(
    keeping: Keeping, three: Street, keyed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One on its way at a time: while it waits nothing is sent for another market that can wait."""
    sender: Any = keeping.group.seats[0].keeper.sender
    monkeypatch.setattr(sender, "fees", replace(sender.fees, wait_seconds=0.0))
    three.passes(700)
    sent = three.markets[0].nonce()
    three.engine.request("evm_setAutomine", [False])
    try:
        for _ in range(3):
            three.engine.request("evm_mine", [])
            keeping.group.turn()
            waiting = [a for a in read_actions(journal_in(keyed), 20) if a.state is State.SENT]
            assert len(waiting) == 1
    finally:
        three.engine.request("evm_setAutomine", [True])
    assert three.markets[0].nonce() - sent in (1, 2, 3)
    markets = {a.market for a in read_actions(journal_in(keyed), 20)}
    assert len(markets) == 3, "turns are taken"


def test_a_market_that_hangs_holds_up_the_others_for_a_bounded_time_and_then_seldom(
    through: Keeping, three: Street, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its node says nothing when it is asked of that market, and answers whatever else it is asked."""
    rounds(through, three, 2)
    monkeypatch.setattr("keeper.group.SHARED_SECONDS", 0.5)
    monkeypatch.setattr("keeper.group.LOOK_SECONDS", 0.5)
    lens = three.markets[1].deployment.address("Lens").lower()

    waited: list[int] = []

    def hangs(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if lens in json.dumps(asked).lower():
            waited[-1] += 1
            time.sleep(3)
        return answer

    proxy.answer = hangs
    began = time.monotonic()
    for turn in range(6):
        three.passes(1)
        waited.append(0)
        through.group.turn()
        if not turn:
            assert time.monotonic() - began < 3
        seats = through.group.seats
        assert seats[0].block == seats[2].block == three.engine.block()
    assert seats[1].failures
    assert waited[0], waited
    assert waited.count(0) >= 2, waited


def test_a_pause_is_of_one_market_and_the_journal_of_their_key(
    keeping: Keeping, three: Street, tandem: Callable[..., Any]
) -> None:
    which = ("--deployment", str(three.markets[1].file))
    done = tandem("pause", "--reason", "an upgrade", *which)
    assert done.exit_code == 0, done.stderr
    three.passes(500)
    rounds(keeping, three, 5, 10)
    shown = tandem("journal", "--json", *which)
    assert shown.exit_code == 0, shown.stderr
    assert {each["market"] for each in json.loads(shown.stdout)} == {"m0", "m2"}
    assert "m1: post, " not in keeping.meters.lacks()
    assert keeping.meters.lacks().startswith("m1: ")
    assert "an upgrade" in keeping.meters.lacks()


def test_doctor_examines_each_market_of_a_file(
    three: Street, tandem: Callable[..., Any], keyed: Path
) -> None:
    lines = [f'[[markets]]\ndeployment = "{each.file}"\n' for each in three.markets]
    (keyed / "tandem.toml").write_text("\n".join(lines))
    found = json.loads(tandem("doctor", "--json").stdout)
    assert {line["name"].split(": ")[0] for line in found} == {"m0", "m1", "m2"}
    assert sum(line["name"].endswith(": oracle") for line in found) == 3
    checked = tandem("config", "validate")
    assert "markets" in checked.stdout
    assert checked.exit_code == 0, checked.stdout
