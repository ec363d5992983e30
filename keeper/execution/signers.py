"""Surface signers in processes of their own: asked side by side, until enough of them have signed.

The contract takes k of n signatures. All n are asked at once; the first k good ones go, and whoever is dead,
slow or says something else costs nothing but a note. What an answer is worth is seen here: a signature counts
once, where it is over what was asked and by somebody whom the market knows.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from eth_utils.address import to_checksum_address
from pydantic_core import from_json

from keeper.execution.asking import MOST_BYTES, Answer, Question, UnclearError, answer, body
from keeper.execution.proofs import HEADER, KEEPERS, SIGNERS, proof
from tandem.engine.endpoint import host_of, split
from tandem.errors import TandemError
from tandem.protocol.bindings.structs import Signature
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain, recovered

REST_SECONDS = 10.0
"""After too few signatures, until they are asked again: what is urgent does not wait for them each block."""
MOST_LOST = 4
"""Questions that one of them may leave unanswered before it is asked no more until it answers."""
STRANGER = 401
"""What a signer says to who does not prove the secret that they share."""
KNOWN_SECONDS = 600.0
"""For which a signer whom the market knew is not asked about again."""


class SignersError(TandemError):
    """Too few of them signed."""


class StrangerError(HTTPException):
    """A signer does not know who asks."""

    def __init__(self) -> None:
        super().__init__(f"does not know this keeper: {KEEPERS} here is not its {SIGNERS}")


@dataclass(frozen=True, slots=True)
class Report:
    """How one of them is. age: seconds since its last good signature, None where it gave none yet."""

    signer: str
    fault: str
    age: float | None


@dataclass(slots=True)
class _Member:
    """One of them. turn: the question that it is heard about."""

    url: str
    secret: str = ""
    turn: int = 0
    asking: float | None = None
    """Since when it works on it."""
    lost: int = 0
    """Threads that wait for it."""
    fault: str = ""
    signed: float | None = None


@dataclass(slots=True)
class Signers:
    """needed: how many signatures the contract takes; knows: whether the market takes a signer's. seconds:
    that each has for all that is due. secrets: shared with each."""

    urls: tuple[str, ...]
    needed: Callable[[], int]
    knows: Callable[[str], bool]
    seconds: float = 3.0
    clock: Callable[[], float] = time.monotonic
    secrets: tuple[str, ...] = ()
    _members: list[_Member] = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _known: dict[str, float] = field(default_factory=dict[str, float], init=False)
    _failed: tuple[float, SignersError] | None = field(default=None, init=False)
    _turn: int = field(default=0, init=False)
    _late_ones: Callable[[], None] | None = field(default=None, init=False)
    """Judges what came after enough had signed."""

    def __post_init__(self) -> None:
        secrets = self.secrets or ("",) * len(self.urls)
        self._members = [_Member(*each) for each in zip(self.urls, secrets, strict=True)]

    @property
    def count(self) -> int:
        """Signatures of a post."""
        return self.needed()

    def sign(
        self, domain: SurfaceDomain, posts: Sequence[SlicePost]
    ) -> dict[SlicePost, list[Signature]]:
        """Enough signatures of each slice that got them, as the contract wants them: by rising address.
        Raises SignersError where none did, with what each of them said."""
        if self._failed and self.clock() - self._failed[0] < REST_SECONDS:
            raise self._failed[1]
        needed, question = self.needed(), Question.of(domain, posts)
        found: dict[SlicePost, dict[str, Signature]] = {post: {} for post in posts}
        answers, asked = self._ask(body(question))
        self._late_ones = lambda: self._judge_rest(answers, domain, found)
        deadline = self.clock() + self.seconds
        while asked and any(len(each) < needed for each in found.values()):
            try:
                member, said = answers.get(timeout=max(deadline - self.clock(), 0.0))
            except queue.Empty:
                break
            asked -= 1
            self._take(member, said, domain, found)
        full = {post: _first(each, needed) for post, each in found.items() if len(each) >= needed}
        self._failed = None
        if not full:
            best = max(map(len, found.values()), default=0)
            error = SignersError(
                f"{best} of {needed} signatures: {'; '.join(self.faults()) or 'nobody else is asked'}",
                "start those that are away (`tandem sign`), and see why others refuse",
            )
            self._failed = (self.clock(), error)
            raise error
        return full

    def faults(self) -> list[str]:
        """What is wrong with each of them, those alone that have something. Of the thread that asks."""
        if self._late_ones:
            self._late_ones()
        return [f"{each.signer}: {each.fault}" for each in self.reports() if each.fault]

    def reports(self) -> list[Report]:
        """All of them, as the settings have them."""
        now = self.clock()
        with self._lock:
            return [
                Report(
                    host_of(m.url),
                    self._fault(m, now),
                    None if m.signed is None else now - m.signed,
                )
                for m in self._members
            ]

    def _fault(self, member: _Member, now: float) -> str:
        if member.asking is not None and now - member.asking >= self.seconds:
            return self._late
        return member.fault

    @property
    def _late(self) -> str:
        return f"did not answer within {self.seconds:g} s"

    # ---- asking
    def _ask(self, sent: bytes) -> tuple[queue.Queue[tuple[_Member, Answer | str]], int]:
        """Where answers arrive, and how many may. Who still works on an older question is asked again: what
        it says of that one is not heard."""
        answers: queue.Queue[tuple[_Member, Answer | str]] = queue.Queue()
        self._turn += 1
        with self._lock:
            asked = [member for member in self._members if member.lost < MOST_LOST]
            for member in asked:
                member.turn, member.asking = self._turn, self.clock()
                member.lost += 1
                threading.Thread(
                    target=self._one, args=(member, self._turn, sent, answers),
                    name="surface-signer", daemon=True,
                ).start()  # fmt: skip
        return answers, len(asked)

    def _one(
        self,
        member: _Member,
        turn: int,
        sent: bytes,
        answers: queue.Queue[tuple[_Member, Answer | str]],
    ) -> None:
        try:
            said: Answer | str = answer(
                _asked("POST", member.url, sent, self.seconds, member.secret)
            )
        except StrangerError as error:
            said = str(error)
        except UnclearError as error:
            said = error.message
        except TimeoutError:
            said = self._late
        except (OSError, HTTPException, ValueError) as error:
            said = f"did not answer: {getattr(error, 'strerror', None) or error or type(error).__name__}"
        with self._lock:
            member.lost -= 1
            if member.turn != turn:
                return
            member.asking = None
            if isinstance(said, str):
                member.fault = said
        answers.put((member, said))

    # ---- judging
    def _judge_rest(
        self,
        answers: queue.Queue[tuple[_Member, Answer | str]],
        domain: SurfaceDomain,
        found: Mapping[SlicePost, dict[str, Signature]],
    ) -> None:
        """What has come by now."""
        with suppress(queue.Empty):
            while True:
                member, said = answers.get_nowait()
                self._take(member, said, domain, found)

    def _take(
        self,
        member: _Member,
        said: Answer | str,
        domain: SurfaceDomain,
        found: Mapping[SlicePost, dict[str, Signature]],
    ) -> None:
        """What is good of an answer; what is not is the signer's fault."""
        if isinstance(said, str):
            return
        fault, good = "", False
        if len(said.verdicts) != len(found):
            fault = "answered another question"
        else:
            for (post, signatures), verdict in zip(found.items(), said.verdicts, strict=True):
                if verdict.refused:
                    fault = f"refuses: {verdict.refused}"
                    continue
                who = recovered(domain, post, verdict.signature)
                if who is None or who.lower() != said.signer.lower():
                    fault = "signed something else than it was asked for"
                elif not self._is_known(who):
                    fault = f"signs as {who}, whom this market does not take"
                else:
                    signatures[who], good = verdict.signature, True
        with self._lock:
            member.fault = fault
            member.signed = self.clock() if good else member.signed

    def _is_known(self, who: str) -> bool:
        now = self.clock()
        if now - self._known.get(who, -KNOWN_SECONDS) < KNOWN_SECONDS:
            return True
        if self.knows(who):
            self._known[who] = now
            return True
        return False


def _first(found: Mapping[str, Signature], needed: int) -> list[Signature]:
    """So many of them, by rising address."""
    chosen = sorted(list(found)[:needed], key=lambda who: int(who, 16))
    return [found[who] for who in chosen]


def _asked(method: str, url: str, sent: bytes, seconds: float, secret: str) -> bytes:
    """What is answered; more than an answer may be is cut, and is none."""
    headers = {"Content-Type": "application/json"}
    if secret:
        headers[HEADER] = proof(secret, sent)
    parts = split(url)
    class_ = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = class_(str(parts.hostname), parts.port, timeout=seconds)
    try:
        connection.request(method, parts.path or "/", sent, headers)
        answered = connection.getresponse()
        raw = answered.read(MOST_BYTES)
    finally:
        connection.close()
    if answered.status == STRANGER:
        raise StrangerError
    if answered.status != 200:
        words = raw[:200].decode(errors="replace").strip()
        raise HTTPException(f"{answered.status} {words}")
    return raw


def introduced(url: str, seconds: float, secret: str) -> str:
    """As whom one of them signs. Raises SignersError where it does not say."""
    try:
        said = from_json(_asked("GET", url, b"", seconds, secret))
        return to_checksum_address(said["signer"])
    except StrangerError as error:
        raise SignersError(
            f"{host_of(url)} {error}",
            f"set both to the same; {KEEPERS} has one for each, or one for all",
        ) from None
    except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
        why = getattr(error, "strerror", None) or error or type(error).__name__
        raise SignersError(
            f"{host_of(url)} does not say as whom it signs: {why}",
            "start it (`tandem sign`), or correct TANDEM_SURFACE__SIGNERS",
        ) from None
