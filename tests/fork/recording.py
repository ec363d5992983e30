"""What a node answered, kept in a file: a fork of that node runs again without it.

A fork asks for state, block by block and word by word, and state at a block never changes. So a question's
answer is kept once, by its method and parameters. A recording names the chain and the block, no node.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path

from tandem.engine.endpoint import Question
from tandem.engine.relay import UNANSWERED, Answer, Ask, no_method

SENT = ("eth_getTransactionReceipt", "eth_getTransactionByHash")
"""What a fork asks of a transaction that it does not know yet, because it is its own."""
SHORTCUTS = ("eth_getAccountInfo",)
"""What some nodes have, and say faster than what all have. A fork asks both ways and goes on by the one that
was answered first, which is another in another run: here it is told that there is one way."""


class RecordingError(Exception):
    """A file that is no recording of what is asked for."""


@dataclass
class Recording:
    """Answers by question. missed: what was asked, and is not in it."""

    chain_id: int
    block: int
    answers: dict[str, Answer] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    @staticmethod
    def key(question: Question) -> str:
        return json.dumps([question["method"], question.get("params", [])], sort_keys=True)

    def save(self, path: Path) -> None:
        """The same answers give the same bytes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"chain_id": self.chain_id, "block": self.block, "answers": self.answers}
        text = json.dumps(kept, sort_keys=True, indent=0)
        partial = path.with_name(path.name + ".partial")
        partial.write_bytes(gzip.compress(text.encode(), mtime=0))
        partial.replace(path)

    @classmethod
    def load(cls, path: Path, chain_id: int, block: int) -> Recording:
        """Raises RecordingError where it is of another chain or block, or none."""
        try:
            raw = json.loads(gzip.decompress(path.read_bytes()))
            found = cls(raw["chain_id"], raw["block"], raw["answers"])
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise RecordingError(f"{path} is no recording: {error}") from error
        if (found.chain_id, found.block) != (chain_id, block):
            what = f"is of chain {found.chain_id} at block {found.block}"
            raise RecordingError(f"{path} {what}, not of chain {chain_id} at block {block}")
        return found

    def replay(self, question: Question) -> Answer:
        if question["method"] in SHORTCUTS:
            return no_method(question)
        key = self.key(question)
        if key not in self.answers and question["method"] in SENT:
            return {"result": None}
        if key not in self.answers:
            self.missed.append(key)
            said = f"the recording has no answer to {key[:200]}: run again with --record and a node"
            return {"error": {"code": UNANSWERED, "message": said}}
        return self.answers[key]

    def recorder(self, ask: Ask) -> Ask:
        """Asks a node what is not known yet, and keeps what it says. What went wrong on the way is not kept,
        but for what a contract refused."""

        def answer(question: Question) -> Answer:
            if question["method"] in SHORTCUTS:
                return no_method(question)
            key = self.key(question)
            if key not in self.answers:
                found = ask(question)
                refused = "revert" in str(found.get("error", "")).lower()
                is_own = question["method"] in SENT and found.get("result") is None
                if is_own or ("result" not in found and not refused):
                    return found
                self.answers[key] = found
            return self.answers[key]

        return answer
