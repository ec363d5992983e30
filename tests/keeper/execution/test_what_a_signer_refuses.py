"""A signer believes nothing that it is told, and says by name what it does not sign."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, replace

import pytest

from execution.signing import SECRET
from keeper.execution.asking import Question, body
from keeper.execution.proofs import HEADER, proof
from keeper.signer.judge import Judge
from keeper.signer.server import Desk, listener
from keeper.tables import SignerTable
from tandem.engine.signers import from_key
from tandem.feeds.surface import FLAT, SMILE, Modelled, SurfaceSpec
from tandem.model.svi import Slice, pack
from tandem.plugins import PlugInBrokenError
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain, recovered
from tandem.units import DAY, HOUR

KEY = "0x" + "11" * 32
NOW = 1_800_000_000
EXPIRY = (NOW // DAY + 20) * DAY + 8 * HOUR
DOMAIN = SurfaceDomain(10, "0x" + "AB" * 20, "0x" + "CD" * 20)
FLAT_60 = Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)


@dataclass
class Signer:
    """One whose source says 60 % flat, unless told."""

    desk: Desk
    now: list[int]

    def asked(self, *posts: SlicePost, domain: SurfaceDomain = DOMAIN) -> list[str]:
        """Of each, why it is refused; a signature that is given is a good one."""
        answer = self.desk.answer(body(Question.of(domain, posts)))
        for post, verdict in zip(posts, answer.verdicts, strict=True):
            if not verdict.refused:
                assert recovered(DOMAIN, post, verdict.signature) == from_key(KEY).address
            else:
                assert verdict.signature.s == 0
        return [verdict.refused for verdict in answer.verdicts]


def signer(**spec: object) -> Signer:
    now = [NOW]
    plain = {"shapes": FLAT, "premium": 1.0, "long_vol": 0.6, "basis": 0.0}
    source = Modelled(SurfaceSpec(**(plain | spec)))  # pyright: ignore[reportArgumentType]
    return Signer(
        Desk(KEY, Judge(DOMAIN, source, SignerTable(), lambda: 0.6, lambda: now[0]), SECRET), now
    )


def post(ago: int = 0, later: int = 0, **changes: float) -> SlicePost:
    return SlicePost(EXPIRY + later, pack(replace(FLAT_60, **changes)), NOW - ago)


def test_what_is_as_its_own_source_says_is_signed() -> None:
    assert signer().asked(post()) == [""]


@pytest.mark.parametrize(
    "change", [{"market": "0x" + "12" * 20}, {"chain_id": 1}, {"surface": "0x" + "12" * 20}]
)
def test_it_signs_for_its_own_market_alone(change: dict[str, object]) -> None:
    domain = replace(DOMAIN, **change)  # pyright: ignore[reportArgumentType]
    assert signer().asked(post(), domain=domain) == ["another market"]


def test_letters_of_an_address_are_large_or_small() -> None:
    assert signer().asked(post(), domain=replace(DOMAIN, market=DOMAIN.market.lower())) == [""]


@pytest.mark.parametrize(
    ("why", "asked"),
    [
        ("too old: 121 s", post(ago=121)),
        ("from the future: 31 s", post(ago=-31)),
        ("no such expiry", post(later=HOUR)),
        ("no such expiry", post(later=50 * DAY)),
        ("no such expiry", post(later=-21 * DAY)),
        ("off its own volatility: by 5.1 points, 5.0 are allowed", post(a=0.651**2)),
        ("off its own volatility: by 5.1 points", post(a=0.549**2)),
        ("off its own forward: by 0.5", post(basis=0.1)),
        ("the contract would refuse it: surface: variance not positive", post(a=-0.1)),
        ("the contract would refuse it: surface: wings too steep", post(b=40.0)),
        ("the contract would refuse it: surface: ", post(a=-8.6, b=11.0, m=0.57, s=0.91)),
    ],
)
def test_it_refuses_by_name(why: str, asked: SlicePost) -> None:
    (found,) = signer().asked(asked)
    assert found.startswith(why)


@pytest.mark.parametrize("fine", [post(ago=120), post(ago=-30), post(a=0.649**2), post(basis=0.08)])
def test_up_to_its_bounds_it_signs(fine: SlicePost) -> None:
    assert signer().asked(fine) == [""]


def test_a_skew_that_is_off_is_seen_where_the_level_is_right() -> None:
    """At the money both are 60 %."""
    said = signer(shapes=SMILE).asked(post())
    assert said[0].startswith("off its own volatility")


def test_one_without_prices_signs_nothing() -> None:
    made = signer()
    made.desk._judge.source = _Nothing()
    assert made.asked(post()) == ["no prices of its own"]


def test_one_whose_forecaster_is_broken_signs_nothing_and_says_why() -> None:
    def fails() -> float:
        raise PlugInBrokenError("the forecaster Mine answers nan", "repair it")

    made = signer()
    made.desk._judge.vol = fails
    assert made.asked(post()) == ["no prices of its own: the forecaster Mine answers nan"]


class _Nothing:
    def slices(self, time: int, realised_vol: float, expiries: object) -> tuple[()]:
        return ()


def test_it_says_one_thing_of_one_moment() -> None:
    """Two slices of the same moment could be posted in either order, by anybody."""
    made, other = signer(), post(a=0.361)
    assert made.asked(post()) == made.asked(post()) == [""]
    assert made.asked(other) == ["another slice of the same moment is signed already"]
    assert made.asked(replace(other, valid_from=NOW - 1)) == [
        "another slice of the same moment is signed already"
    ]
    assert made.asked(replace(other, valid_from=NOW + 1)) == [""]


def test_one_slice_that_is_off_keeps_none_of_the_others_back() -> None:
    assert signer().asked(post(a=0.9), post(later=DAY)) == [
        "off its own volatility: by 34.9 points, 5.0 are allowed", ""
    ]  # fmt: skip


def heard(head: str, words: bytes) -> bytes:
    """What a signer's door answers to these lines."""
    door = listener(0, signer().desk)
    threading.Thread(target=door.serve_forever, args=(0.01,), daemon=True).start()
    try:
        with socket.create_connection(("127.0.0.1", door.server_port), 5) as asked:
            proved = f"{HEADER}: {proof(SECRET, words)}"
            asked.sendall(f"POST / HTTP/1.0\r\n{proved}\r\n{head}\r\n\r\n".encode() + words)
            return b"".join(iter(lambda: asked.recv(65_536), b""))
    finally:
        door.shutdown()
        door.server_close()


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:8701", "null", ""])
def test_no_page_in_a_browser_of_this_machine_gets_a_signature(origin: str) -> None:
    """A browser reaches loopback, by a name that is turned there it reads the answer too, and every POST of
    its pages says where it is from."""
    words = body(Question.of(DOMAIN, [SlicePost(EXPIRY, pack(FLAT_60), int(NOW))]))
    length = f"Content-Length: {len(words)}"
    assert b'"refused":""' in heard(length, words).replace(b" ", b"")
    refused = heard(f"{length}\r\nOrigin: {origin}", words)
    assert b" 403 " in refused
    assert b"signer" not in refused


@pytest.mark.parametrize(
    "length", ["9" * 5_000, "-1", "1e3", "٣", ""], ids=["long", "minus", "float", "arabic", "none"]
)
def test_a_length_that_is_none_is_refused_without_a_traceback(
    length: str, capfd: pytest.CaptureFixture[str]
) -> None:
    answered = heard(f"Content-Length: {length}", b"")
    assert b" 413 " in answered or b" 400 " in answered
    assert "Traceback" not in capfd.readouterr().err
