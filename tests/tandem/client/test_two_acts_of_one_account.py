"""Two commands of one account at the same moment, or one behind another that waits: each is carried out once,
or refused by name, and none is taken for the other."""

from __future__ import annotations

import fcntl
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from tandem.client import Client, outbox, turns
from tandem.client.errors import ClientError, NotMinedError
from tandem.client.outbox import DoneBeforeError, Outbox
from tandem.client.sending import Step
from tandem.engine.patience import pauses
from tandem.engine.signers import Signer

Connect = Callable[..., Client]
OTHERS = ["0x" + digit * 40 for digit in "12"]
HOLDS = """
import fcntl, sys, time
file = open(sys.argv[1], "ab")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@contextmanager
def unmined(market: Any) -> Generator[None]:
    """What is sent inside waits for the end of it."""
    market.engine.request("evm_setAutomine", [False])
    try:
        yield
    finally:
        market.engine.request("evm_setAutomine", [True])
        market.engine.request("evm_mine", [])


def until(what: Callable[[], bool]) -> None:
    for number, pause in enumerate(pauses()):
        if what():
            return
        assert number < 60, "it never comes"
        time.sleep(pause)


def test_an_option_for_another_is_another_act(payer: Client, market: Any) -> None:
    """The second was told that "the same was sent before", or took the number of the first: one had none."""
    with unmined(market):
        for whom in OTHERS:
            with pytest.raises(NotMinedError):
                payer.mint(market.series, "0.01", recipient=whom)
    held = market.tandem.option.balanceOf
    until(lambda: all(held(whom, market.series.id) == 10_000 for whom in OTHERS))


def test_as_much_in_another_market_is_another_act(payer: Client, market: Any) -> None:
    book = payer.session.book
    assert isinstance(book, Outbox)
    other = Client(replace(payer.session, book=replace(book, market=OTHERS[0])))
    with unmined(market):
        for each in (payer, other):
            with pytest.raises(NotMinedError):
                each.deposit(100)
    used = payer.session.engine.nonce
    shares = market.tandem.vault.balanceOf
    once = payer.prepare_deposit(100).preview.shares
    until(lambda: not payer.session.engine.waiting(payer.address) and used(payer.address) > 1)
    assert shares(payer.address) > once * 10**18 * 3 / 2


def test_a_line_of_an_earlier_release_is_of_any_market(payer: Client) -> None:
    book: Any = payer.session.book
    book.path.parent.mkdir(parents=True)
    book.path.write_text(json.dumps({"nonce": 7, "hash": "0x" + "11" * 32, "note": "act"}) + "\n")
    with pytest.raises(ClientError, match="was signed before"):
        book.number(3, Step("0x", b"", "act"))


def test_who_is_cut_off_while_he_writes_loses_nothing(
    payer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that was signed and waits was gone, and whoever tried again had it twice."""
    book: Any = payer.session.book
    book.write(3, Step("0x", b"", "one"), "0x1")
    before = book.path.read_text()

    def cut(_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "json", SimpleNamespace(loads=json.loads, dumps=cut))
        with pytest.raises(KeyboardInterrupt):
            book.write(4, Step("0x", b"", "two"), "0x2")
    assert book.path.read_text() == before


def test_many_that_write_at_once_lose_no_line(payer: Client) -> None:
    book: Any = payer.session.book

    def write(first: int) -> None:
        for nonce in range(first, first + 10):
            book.write(nonce, Step("0x", b"", f"act {nonce}"), hex(nonce))
        book.seen(first)

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 100, 200)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    rows = [json.loads(line) for line in book.path.read_text().splitlines()]
    assert sorted(row["nonce"] for row in rows) == [
        f + n for f in (0, 100, 200) for n in range(1, 10)
    ]
    assert not list(book.path.parent.glob("*.partial"))


def test_another_process_that_sends_is_waited_for(payer: Client) -> None:
    path = outbox.place(payer.session.engine.chain_id, payer.address).with_suffix(".turn")
    path.parent.mkdir(parents=True)
    with path.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ClientError, match="another command sends") as error:
            payer.deposit(100)
        assert "nothing was sent" in error.value.hint
        threading.Timer(0.2, lambda: fcntl.flock(held, fcntl.LOCK_UN)).start()
        assert payer.deposit(100).after.shares


def test_a_process_that_was_killed_while_it_sent_is_not(payer: Client) -> None:
    path = outbox.place(payer.session.engine.chain_id, payer.address).with_suffix(".turn")
    path.parent.mkdir(parents=True)
    command = [sys.executable, "-c", HOLDS, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert payer.deposit(100).after.shares


def test_the_same_command_twice_at_once_is_carried_out_once(
    payer: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a double click, or a retry beside what still runs. The second is told; whoever then asks once
    more has it once more, and a program that prepares two has two."""
    prepared = payer.prepare_deposit(100)
    with monkeypatch.context() as patch:
        patch.setattr(outbox.os, "getpid", lambda: 1)
        payer.deposit(100)
    once = market.tandem.vault.balanceOf(payer.address)
    with pytest.raises(DoneBeforeError, match="another command did the same meanwhile") as error:
        prepared.send()
    assert "once more" in error.value.hint
    assert market.tandem.vault.balanceOf(payer.address) == once
    both = [payer.prepare_deposit(100) for _ in range(2)]
    for each in both:
        each.send()
    assert market.tandem.vault.balanceOf(payer.address) > 2 * once


def test_two_processes_do_not_take_one_number(
    payer: Client, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one was asked for its passphrase the other's was mined: the first was refused, and each further
    try until a file was removed by hand."""
    other, told = payer, list[str]()

    def slow(unsigned: Any) -> bytes:
        if not told:
            with monkeypatch.context() as patch:  # another process knows no thread of this one
                patch.setattr(turns, "_turns", {})
                with pytest.raises(ClientError) as error:
                    other.deposit(101)
            told.append(str(error.value))
        return signer.sign(unsigned)

    who = replace(payer.session.who, signer=replace(signer, sign=slow))
    mine = Client(replace(payer.session, account=who))
    assert mine.deposit(100).after.shares
    assert "another command sends" in told[0]
    assert other.deposit(101).after.shares
