"""Two of three signers, each a process of its own with a key of its own, on the real contracts."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from execution.signing import KEYS, Odd, Signer, asked, signing
from keeper.cycle import Keeper
from keeper.execution.asking import Answer, Question, Verdict, answer, body, question
from keeper.execution.signers import Signers, SignersError
from keeper.execution.surface_desk import SurfaceDesk
from keeper.journal import State
from keeper.observer import Observer
from keeper.planner import Kind, PlannerSettings
from keeper.policy import create
from keeper.replay.outbox import LocalOutbox
from tandem.engine.revm import RevmEngine
from tandem.engine.signers import from_key
from tandem.feeds.surface import FLAT, Modelled, SurfaceSpec
from tandem.model.svi import Slice, pack
from tandem.protocol.deploy import DeploySettings, deploy_tandem
from tandem.protocol.deployment import VENUE, Deployed, Deployment
from tandem.protocol.handles import handles_of
from tandem.protocol.roles import Roles
from tandem.protocol.series import next_expiry
from tandem.protocol.steps import hash_of
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain, sign
from tandem.protocol.tandem import Tandem
from tandem.terminal.group import main
from tandem.units import WAD
from tandem.venues.curie import deploy_curie

STRANGER = "0x" + "44" * 32
VOL = 0.6


@dataclass
class Stand:
    """A market, its record, and where its three signers are asked."""

    tandem: Tandem
    record: Path
    processes: list[Signer]

    @property
    def signers(self) -> list[str]:
        """Where they are asked."""
        return [each.url for each in self.processes]

    @property
    def domain(self) -> SurfaceDomain:
        t = self.tandem
        return SurfaceDomain(t.chain_id, t.surface.address, t.market.address)

    def desk(self, urls: list[str], vol: float = VOL, seconds: float = 3.0) -> SurfaceDesk:
        t = self.tandem
        spec = SurfaceSpec(shapes=FLAT, premium=1.0, long_vol=vol, basis=0.0)
        desk = SurfaceDesk(self.domain, (), Modelled(spec))
        desk.signers = Signers(
            tuple(urls), cache(t.surface.THRESHOLD), t.guardian.is_signer, seconds
        )
        return desk

    def keeper(self, desk: SurfaceDesk) -> Keeper:
        t, plain = self.tandem, PlannerSettings(mark_seconds=0, gate=False)
        assert isinstance(t.engine, RevmEngine)
        observer = Observer(t.engine, handles_of(t), plain, desk=desk)
        observer.forecaster.update(t.engine.now(), 2_500.0)
        return Keeper(
            observer, create("threshold"), LocalOutbox(t.engine, t.keeper, lambda *_: None)
        )

    def posted(self) -> int:
        """Slices on chain that are of this test."""
        return sum(each.age < 60 for each in self.tandem.surface.slices())

    def ask(self, url: str, *posts: SlicePost, domain: SurfaceDomain) -> list[str]:
        """What one of them refuses each for, "" where it signs."""
        sent = body(Question.of(domain, posts))
        status, said = asked(int(url.rpartition(":")[2]), "POST", sent)
        assert status == 200, said
        return [verdict.refused for verdict in answer(said).verdicts]

    def slice(self) -> SlicePost:
        """What they would sign."""
        flat = Slice(a=VOL * VOL, b=0.0, rho=0.0, m=0.0, s=0.1)
        expiry = max(e.expiry for e in self.tandem.lens.snapshot().expiries)
        return SlicePost(expiry, pack(flat), self.tandem.engine.now())


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    record = tmp_path_factory.mktemp("signers") / "here.json"
    with RevmEngine(timestamp=int(time.time()) - 7_200) as engine:
        people = tuple(from_key(key).address for key in KEYS)
        roles = replace(Roles.local(engine), signers=people)
        exchange = deploy_curie(engine, 2_500 * WAD)
        t = deploy_tandem(engine, exchange, DeploySettings(signatures=2), roles)
        for days in (10, 30):
            t.list_expiry(next_expiry(engine.now(), days), (2_500, 5_000))
        parts = {
            name: Deployed(c.address, (), "", hash_of(engine.code(c.address)))
            for name, c in t.contracts.items()
        }
        venue = {VENUE: exchange.recipe.name, **exchange.addresses()}
        Deployment("here", t.chain_id, 0, roles.deployer, 0, parts, venue, {}, {}).save(record)
        with signing(record, *KEYS) as processes:
            yield Stand(t, record, processes)


@pytest.fixture(autouse=True)
def now(stand: Stand) -> None:
    """The chain's clock is this machine's, or a little ahead: no two tests are of one moment."""
    engine = stand.tandem.engine
    engine.set_time(max(int(time.time()), engine.now() + 1))


@pytest.fixture
def due(stand: Stand) -> Iterator[None]:
    """Nothing stands yet, and what is posted goes with the test."""
    token = stand.tandem.engine.snapshot()
    yield
    stand.tandem.engine.revert(token)


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
    assert [(d.intent.kind, d.result.state) for d in done] == [(Kind.POST, State.MINED)] * 2, done
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
        assert [d.result.state for d in done] == [State.MINED] * 2
        assert stand.posted() == 2
        assert odd is None or len(odd.questions) == 1, "all that is due is asked for at once"
        limit = time.monotonic() + 5
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
        assert [d.result.state for d in done] == [State.DROPPED] * 2
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
    assert [d.result.state for d in done] == [State.DROPPED] * 2
    assert "off its own volatility: by 15.0 points, 5.0 are allowed" in done[0].result.note


def test_a_process_that_is_stopped_is_one_that_is_slow(stand: Stand, due: None) -> None:
    """It hangs with its connection open; nobody waits for it."""
    process = stand.processes[0].process
    process.send_signal(signal.SIGSTOP)
    try:
        keeper = stand.keeper(stand.desk(stand.signers, seconds=0.5))
        began = time.monotonic()
        assert [d.result.state for d in keeper.cycle()] == [State.MINED] * 2
        assert time.monotonic() - began < 0.5
        time.sleep(0.6)
        assert keeper.observer.desk
        assert "did not answer within 0.5 s" in keeper.observer.desk.notes()
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
        ({"TANDEM_SIGNER__KEY": "0x12"}, "TANDEM_SIGNER__KEY is no private key"),
        ({"TANDEM_SIGNER__KEY": KEYS[0], "TANDEM_SURFACE__FOLLOW_REALISED": "true"}, "realised"),
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
