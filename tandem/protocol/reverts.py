"""What a revert means: the venue's codes, and Tandem's own reasons, as a sentence with a next step."""

from __future__ import annotations

from dataclasses import dataclass

from tandem import venues
from tandem.engine.revert_data import SILENT
from tandem.errors import Reverted
from tandem.protocol.reasons import REASONS
from tandem.venues import explained


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happened, and what to do about it."""

    code: str
    what: str
    todo: str
    known: bool = True

    def __str__(self) -> str:
        return f"{self.what} {self.todo} [{self.code}]"


def in_words(reason: str) -> str:
    """What a refusal means; "" for none."""
    return f"{explain(reason).what} [{reason}]" if reason else ""


def why_not_constructed(name: str, refused: Reverted) -> str:
    """What a refusal of a contract's constructor means. What a venue says of one without a reason is said of
    its own contracts alone."""
    if refused.reason != SILENT:
        found = explain(refused)
        return found.what if found.known else "Its constructor refuses the arguments."
    for recipe in venues.recipes():
        if name in recipe.contracts and SILENT in recipe.reasons:
            return recipe.reasons[SILENT][0]
    return f"{name} refuses its arguments without saying why."


def explain(reason: str | Reverted) -> Explanation:
    """The explanation of a revert reason; an unknown one is shown as it is."""
    code = reason.reason if isinstance(reason, Reverted) else reason
    found = REASONS.get(code) or explained(code)
    if found is not None:
        return Explanation(code, *found)
    return Explanation(
        code,
        "The chain refused the call.",
        "Look the code up in the sources of the venue and of the token.",
        False,
    )
