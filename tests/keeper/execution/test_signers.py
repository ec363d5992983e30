"""Two of three signers, each a process of its own with a key of its own, on the real contracts."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import ExitStack
from dataclasses import replace

import pytest
from click.testing import CliRunner

from execution.signing import KEYS, SECRET, Odd, asked
from execution.stand import Stand, due, now, stand
from keeper.execution.asking import Answer, Verdict, body, question
from keeper.execution.signers import Signers, SignersError
from keeper.journal import State
from keeper.planner import Kind
from tandem.engine.signers import from_key
from tandem.protocol.surface_signing import SlicePost, sign
from tandem.terminal.group import main

__all__ = ["due", "now", "stand"]
STRANGER = "0x" + "44" * 32


def lying(stand: Stand, key: str, post: SlicePost | None = None) -> Odd:
    """One that signs what it was not asked for, under its own name."""

    def says(raw: bytes) -> bytes:
        posts = question(raw).slices
        signed = [sign(stand.domain, post or replace(p, slice_word=7), [key])[0] for p in posts]
        verdicts = tuple(Verdict.signed(each) for each in signed)
        return body(Answer(signer=from_key(key).address, verdicts=verdicts))

    return Odd(says)


def test_two_of_three_that_are_well_post_a_surface(stand: Stand, due: None) -> None:
    keeper = stand.keeper(stand.desk(stand.signers))
    done = keeper.cycle()
    assert [(d.intent.kind, d.result.state) for d in done] == [(Kind.POST, State.MINED)]
    assert stand.posted() == 2
    assert keeper.plan()[1].notes == ()


@pytest.mark.parametrize("fault", ["dead", "slow", "lying", "strange", "mad", "twice"])
def test_one_of_three_that_is_not_well_holds_up_nothing(
    stand: Stand, due: None, fault: str
) -> None:
    """And is named."""
    with ExitStack() as left:
        odd, said = {
            "dead": (None, "did not answer"),
            "slow": (Odd(lambda _: time.sleep(1.5) or b"{}"), "did not answer within 1 s"),
            "lying": (lying(stand, KEYS[0]), "signed something else than it was asked for"),
            "strange": (honest(stand, STRANGER), "whom this market does not take"),
            "mad": (Odd(lambda _: b'{"signer": 1'), "no answer"),
            "twice": (honest(stand, KEYS[1]), ""),  # the same signer at another address counts once
        }[fault]
        url = left.enter_context(odd.there()) if odd else "http://127.0.0.1:9"
        keeper = stand.keeper(stand.desk([url, *stand.signers[1:]], seconds=1.0))
        done = keeper.cycle()
        assert [d.result.state for d in done] == [State.MINED]
        assert stand.posted() == 2
        limit = time.monotonic() + 5
        while odd and not odd.questions and time.monotonic() < limit:
            time.sleep(0.05)  # two others were enough before it was heard
        assert odd is None or len(odd.questions) == 1, "all that is due is asked for at once"
        desk = keeper.observer.desk
        while said and desk and said not in desk.notes() and time.monotonic() < limit:
            time.sleep(0.05)
        assert desk
        assert (said in desk.notes()) if said else desk.notes() == ""
        if said:
            assert url in desk.notes()


def honest(stand: Stand, key: str) -> Odd:
    """One that signs what it is asked for."""

    def says(raw: bytes) -> bytes:
        signed = [sign(stand.domain, p, [key])[0] for p in question(raw).slices]
        verdicts = tuple(Verdict.signed(each) for each in signed)
        return body(Answer(signer=from_key(key).address, verdicts=verdicts))

    return Odd(says)


def test_one_that_is_honest_is_too_few_and_all_others_are_named(stand: Stand, due: None) -> None:
    """Nothing is sent for it, nothing else waits, and it is not asked again in the next moment."""
    liar = lying(stand, KEYS[0])
    with liar.there() as url:
        keeper = stand.keeper(
            stand.desk([url, "http://127.0.0.1:9", stand.signers[2]], seconds=1.0)
        )
        done = keeper.cycle()
        assert [d.result.state for d in done] == [State.DROPPED] * 3, "together, then each"
        for part in ("1 of 2 signatures", "something else", "127.0.0.1:9: did not answer"):
            assert part in done[0].result.note
        assert stand.posted() == 0
        assert len(liar.questions) == 1, "all that is due is asked for at once"
        keeper.cycle()
        assert len(liar.questions) == 1


def test_a_surface_that_is_off_is_signed_by_nobody(stand: Stand, due: None) -> None:
    """A keeper that lies: its source says 75 %, theirs says 60."""
    keeper = stand.keeper(stand.desk(stand.signers, vol=0.75))
    keeper.observer.forecaster.start = 0.75
    done = keeper.cycle()
    assert [d.result.state for d in done] == [State.DROPPED] * 3
    assert "off its own volatility: by 15.0 points, 5.0 are allowed" in done[0].result.note


def test_a_process_that_is_stopped_is_one_that_is_slow(stand: Stand, due: None) -> None:
    """It hangs with its connection open; nobody waits for it."""
    process = stand.processes[0].process
    process.send_signal(signal.SIGSTOP)
    try:
        keeper = stand.keeper(stand.desk(stand.signers, seconds=1.5))
        began = time.monotonic()
        assert [d.result.state for d in keeper.cycle()] == [State.MINED]
        assert time.monotonic() - began < 1.5
        time.sleep(1.6)
        assert keeper.observer.desk
        assert "did not answer within 1.5 s" in keeper.observer.desk.notes()
    finally:
        process.send_signal(signal.SIGCONT)


def test_a_process_refuses_what_is_not_its_markets(stand: Stand) -> None:
    """What else it refuses: tests/keeper/execution/test_what_a_signer_refuses.py."""
    other = replace(stand.domain, chain_id=1)
    stand.tandem.engine.advance(1)  # another test may have had this moment's slice signed
    assert stand.ask(stand.signers[0], stand.slice(), domain=other) == ["another market"]
    assert stand.ask(stand.signers[0], stand.slice(), domain=stand.domain) == [""]


@pytest.mark.parametrize("words", [b"", b"{", b"[]", b'{"posts": []}', b"\xff" * 100])
def test_a_question_that_is_none_is_named(stand: Stand, words: bytes) -> None:
    status, said = asked(int(stand.signers[0].rpartition(":")[2]), "POST", words)
    assert status == 400
    assert said.startswith(b"no question: ")


def test_a_signer_says_who_it_is(stand: Stand) -> None:
    _, said = asked(int(stand.signers[0].rpartition(":")[2]), "GET", b"")
    assert json.loads(said) == {
        "signer": from_key(KEYS[0]).address, "chain_id": stand.domain.chain_id,
        "market": stand.domain.market,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "there is no key to sign with"),
        ({"TANDEM_SIGNER__KEY": KEYS[0]}, "share a secret, and none is set"),
        ({"TANDEM_SIGNER__KEY": KEYS[0], "TANDEM_SIGNER__SECRET": "short"}, "16 plain letters"),
        (
            {"TANDEM_SIGNER__KEY": "0x12", "TANDEM_SIGNER__SECRET": SECRET},
            "TANDEM_SIGNER__KEY is no private key",
        ),
        (
            {
                "TANDEM_SIGNER__KEY": KEYS[0],
                "TANDEM_SIGNER__SECRET": SECRET,
                "TANDEM_SURFACE__FOLLOW_REALISED": "true",
                "TANDEM_RPC": "http://127.0.0.1:9",
            },
            "127.0.0.1:9",
        ),
    ],
)
def test_a_signer_that_cannot_begin_says_why(
    stand: Stand, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    for name in [each for each in os.environ if each.startswith("TANDEM_")]:
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    ended = CliRunner(mix_stderr=False).invoke(main, ["sign", "--deployment", str(stand.record)])
    assert ended.exit_code == 2
    assert said in ended.stderr


def test_too_few_at_all_is_said_with_what_to_do(stand: Stand) -> None:
    signers = Signers(("http://127.0.0.1:9",), lambda: 2, lambda _: True, 0.5)
    with pytest.raises(SignersError, match="0 of 2 signatures") as caught:
        signers.sign(stand.domain, [stand.slice()])
    assert "tandem sign" in caught.value.hint
