"""What a keeper and a signer in another process say to each other: JSON over HTTP, one object each way.

A keeper asks for signatures over slices of one surface; a signer answers each with a signature or with the
reason for which it gives none, and says who it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tandem.errors import TandemError
from tandem.protocol.bindings.structs import Signature
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain
from tandem.terminal.json_text import to_json

AHEAD_SECONDS = 30
"""That a chain's clock may be before this machine's for a surface to be signed: what is signed for a moment
to come is somebody's to post then."""
MOST_BYTES = 65_536
MOST_POSTS = 8
"""As many as a market has slots."""
Hex = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{1,64}$")]
"""Up to 256 bits."""
Address = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$")]
Seconds = Annotated[int, Field(ge=0, lt=2**40)]


class UnclearError(TandemError):
    """It is no question, or no answer."""


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AskedSlice(_Words):
    """One slice to sign."""

    expiry: Seconds
    slice: Hex
    valid_from: Seconds


class Question(_Words):
    """Slices of one surface, in the order in which the contract is to take them."""

    chain_id: int
    surface: Address
    market: Address
    posts: Annotated[tuple[AskedSlice, ...], Field(strict=False, max_length=MOST_POSTS)]

    @classmethod
    def of(cls, domain: SurfaceDomain, posts: Sequence[SlicePost]) -> Question:
        """What is asked of a signer."""
        asked = tuple(
            AskedSlice(expiry=p.expiry, slice=hex(p.slice_word), valid_from=p.valid_from)
            for p in posts
        )
        return cls(
            chain_id=domain.chain_id, surface=domain.surface, market=domain.market, posts=asked
        )

    @property
    def domain(self) -> SurfaceDomain:
        return SurfaceDomain(self.chain_id, self.surface, self.market)

    @property
    def slices(self) -> tuple[SlicePost, ...]:
        """As they are signed."""
        return tuple(SlicePost(p.expiry, int(p.slice, 16), p.valid_from) for p in self.posts)


class Verdict(_Words):
    """On one slice: a signature, or why there is none."""

    v: int = 0
    r: Hex = "0x0"
    s: Hex = "0x0"
    refused: str = ""

    @classmethod
    def signed(cls, signature: Signature) -> Verdict:
        return cls(v=signature.v, r=hex(signature.r), s=hex(signature.s))

    @property
    def signature(self) -> Signature:
        return Signature(self.v, int(self.r, 16), int(self.s, 16))


class Answer(_Words):
    """By the one who signs, in the question's order."""

    signer: Address
    verdicts: Annotated[tuple[Verdict, ...], Field(strict=False, max_length=MOST_POSTS)]


def body(words: BaseModel) -> bytes:
    """As it is sent."""
    return to_json(words.model_dump(), one_line=True).encode()


def question(raw: bytes) -> Question:
    """What was asked. Raises UnclearError."""
    try:
        return Question.model_validate_json(raw)
    except ValidationError as error:
        raise _unclear("question", error) from None


def answer(raw: bytes) -> Answer:
    """What was answered. Raises UnclearError."""
    try:
        return Answer.model_validate_json(raw)
    except ValidationError as error:
        raise _unclear("answer", error) from None


def _unclear(what: str, error: ValidationError) -> UnclearError:
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"])) or "the whole"
    return UnclearError(f"no {what}: {place}: {first['msg']}", "see docs/guide/operators.md")
