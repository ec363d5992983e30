"""A secret that a keeper shares with a signer: who asks proves that he has it, and never says it.

Any program of a signer's machine may reach its port, and a signer says one thing of one moment: without a
proof a stranger asks first, and what the keeper asks of that moment is refused.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from tandem.errors import ConfigError

HEADER = "Tandem-Proof"
LEAST_LETTERS = 16
ADVICE = "make one with `openssl rand -hex 32`"
KEEPERS, SIGNERS = "TANDEM_SURFACE__SIGNER_SECRETS", "TANDEM_SIGNER__SECRET"


def proof(secret: str, words: bytes) -> str:
    """Over a question, as its header has it."""
    return hmac.new(secret.encode(), words, hashlib.sha256).hexdigest()


def fault(secret: str, words: bytes, given: str | None) -> str:
    """Why a question is not heard, "" where it is. Takes as long whatever is wrong with the proof."""
    if given is None:
        return f"the question proves no secret: set {KEEPERS} where it is asked"
    if hmac.compare_digest(proof(secret, words).encode(), given.encode(errors="replace")):
        return ""
    return f"the question proves another secret: {KEEPERS} of whoever asks is not {SIGNERS} here"


def secret_of(text: str, name: str) -> str:
    """One, fit to be one. name: of its setting. Raises ConfigError."""
    found = text.strip()
    if not found:
        raise ConfigError(
            "a signer and its keeper share a secret, and none is set", f"set {name}; {ADVICE}"
        )
    if len(found) < LEAST_LETTERS or not found.isascii() or not found.isprintable():
        raise ConfigError(
            f"{name} is no secret: it takes {LEAST_LETTERS} plain letters or more", ADVICE
        )
    return found


def secrets_of(text: str, count: int) -> Sequence[str]:
    """A keeper's, one for each of so many signers; one alone is shared with all. Raises ConfigError."""
    listed = [secret_of(part, KEEPERS) for part in text.split(",")]
    if len(listed) == 1:
        return listed * count
    if len(listed) != count:
        raise ConfigError(
            f"{KEEPERS} has {len(listed)} secrets for {count} signers",
            "name one for all, or one for each in the order of TANDEM_SURFACE__SIGNERS",
        )
    return listed
