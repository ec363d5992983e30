"""A key that goes from one market to several keeps its journal, and is killed at each act on the way."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from faults.proxy import between
from faults.test_killed_at_every_step import PATIENCE, Killer
from lived_in import KEEPER_KEY

from keeper.journal import Journal, State, read_actions
from keeper.journal_file import JournalError, take_over
from keeper.journal_lock import hold, let_go
from scale.street import Street
from tandem.engine.artifacts import ROOT
from tandem.engine.signers import from_key

ACCOUNT = from_key(KEEPER_KEY).address


def sent(three: Street) -> int:
    return int(three.engine.request("eth_getTransactionCount", [ACCOUNT, "pending"]), 16)


def test_what_it_sent_for_one_market_is_looked_after_with_several(
    tandem: Callable[..., Result], three: Street, keyed: Path
) -> None:
    """It began a new journal, and what the old one knew was found on the chain, or not."""
    own = keyed / "journals" / f"m0-{ACCOUNT[:10].lower()}.sqlite"
    shared = keyed / "journals" / f"31337-{ACCOUNT[:10].lower()}.sqlite"
    three.passes(700)
    assert tandem("run", "--once", *three.options[:2]).exit_code == 0
    before = read_actions(own, 50)
    assert {a.market for a in before} == {""}
    count = sent(three)
    done = tandem("run", "--once", *three.options)
    assert done.exit_code == 0, done.stderr
    assert not own.exists()
    after = read_actions(shared, 50)
    known = [a for a in after if a.id in {b.id for b in before}]
    assert [(a.kind, a.state, a.created_at) for a in known] == [
        (a.kind, a.state, a.created_at) for a in before
    ]
    assert {a.market for a in known} == {"m0"}
    assert {a.market for a in after if a not in known} >= {"m1", "m2"}
    assert sent(three) == count + len(after) - len(known)
    assert not any(a.kind == "regained" for a in after)


def test_the_latest_of_several_goes_on_and_others_stay(tmp_path: Path) -> None:
    """Another account's, another chain's and what is none are left alone; so is all where there is one."""
    chain, who, other = 31_337, "0x" + "11" * 20, "0x" + "22" * 20
    paths = {name: tmp_path / f"{name}.sqlite" for name in ("old", "new", "chain", "who", "none")}
    for name, nonce, of in (("old", 3, (chain, who)), ("new", 7, (chain, who)),
                            ("chain", 9, (1, who)), ("who", 9, (chain, other))):  # fmt: skip
        journal = Journal(paths[name], *of)
        journal.sign(journal.plan("post", (), "", 1), f"0x{name}", nonce, b"", 1, 1)
        journal.close()
    paths["none"].write_text("dear sir")
    listed, shared = [*paths.values(), tmp_path / "nowhere.sqlite"], tmp_path / "all.sqlite"
    held = hold(paths["new"])
    with pytest.raises(JournalError, match="another process"):
        take_over(listed, shared, chain, who)
    let_go(held)
    assert not shared.exists()
    assert take_over(listed, shared, chain, who) == paths["new"]
    assert [path.exists() for path in paths.values()] == [True, False, True, True, True]
    assert take_over(listed, shared, chain, who) is None
    journal = Journal(shared, chain, who)
    assert journal.next_nonce() == 8
    journal.close()


def test_what_somebody_reads_is_not_pulled_from_under_him(tmp_path: Path) -> None:
    path, chain, who = tmp_path / "one.sqlite", 31_337, "0x" + "11" * 20
    journal = Journal(path, chain, who)
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM actions").fetchall()
        journal.plan("post", (), "", 1)
        journal.close()
        with pytest.raises(JournalError, match="somebody reads"):
            take_over([path], tmp_path / "all.sqlite", chain, who)
    assert take_over([path], tmp_path / "all.sqlite", chain, who) == path


def kept(proxy: Killer, three: Street, options: list[str], data: Path) -> int:
    """Start a keeper again and again, until one ends by itself with nothing in flight; how often it was
    killed."""
    for killed in range(60):
        proxy.process = subprocess.Popen(
            [sys.executable, "-m", "tandem", "run", "--once", "--rpc", proxy.url, *options],
            cwd=ROOT, env=os.environ | {"TANDEM_FEES__WAIT_SECONDS": "2", "XDG_DATA_HOME": str(data)},
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        said, _ = proxy.process.communicate(timeout=PATIENCE)
        if proxy.process.returncode != -signal.SIGKILL:
            assert proxy.process.returncode == 0, said
            if "waiting for" not in said:
                return killed
        three.passes(1)
    raise AssertionError("it is not done")


@pytest.mark.long
def test_a_key_with_two_markets_killed_at_every_act_has_done_each_once(
    three: Street, keyed: Path
) -> None:
    """From one market to two on the way."""
    data = keyed / "data"
    shared = data / "tandem" / "keeper" / f"31337-{ACCOUNT[:10].lower()}.sqlite"
    before = sent(three)
    three.passes(700)
    with between(three.url, Killer) as proxy:
        killed = kept(proxy, three, three.options[:2], data)
        three.move(2_650, 0, 1)
        killed += kept(proxy, three, three.options[:4], data)
        three.passes(700)
        killed += kept(proxy, three, three.options[:4], data)
    assert killed >= 4
    with closing(sqlite3.connect(shared)) as db:
        found = db.execute(
            "SELECT a.id, a.market, kind, a.state, t.state, hash FROM actions a"
            " JOIN transactions t ON action = a.id"
        ).fetchall()
    assert {each[1] for each in found} == {"m0", "m1"}
    kinds = {market: {each[2] for each in found if each[1] == market} for market in ("m0", "m1")}
    assert all({"post", "rebalance"} & of for of in kinds.values()), kinds
    assert {(each[3], each[4]) for each in found} == {(State.MINED, State.MINED)}
    assert max(Counter(each[0] for each in found).values()) == 1
    receipts = [three.engine.request("eth_getTransactionReceipt", [each[5]]) for each in found]
    assert {receipt["status"] for receipt in receipts} == {"0x1"}
    assert sent(three) == before + len(found)
