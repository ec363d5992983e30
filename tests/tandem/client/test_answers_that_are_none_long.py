"""Whatever a node answers to whichever call, a command ends as commands end: by what it could not do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tandem.engine.relay import Far, serving
from tandem.terminal.group import main

pytestmark = pytest.mark.long

COMMANDS = (
    "mint {} 1 --dry-run", "mint ATM-21D-C 1 --dry-run", "close {} 1 --dry-run", "redeem {} --dry-run",
    "deposit 100 --dry-run", "exit --dry-run", "claim --dry-run", "revoke --dry-run", "quote {} 1",
    "positions", "chain", "status", "risk", "terms", "venues", "remark --dry-run", "stamp --dry-run",
    "deploy verify", "govern pause --dry-run",
)  # fmt: skip
LIES: dict[str, Callable[[str], str]] = {
    "nothing": lambda _: "0x",
    "zeros": lambda said: "0x" + "00" * (len(said) // 2 - 1),
    "ones": lambda said: "0x" + ("00" * 31 + "01") * ((len(said) - 2) // 64),
    "all": lambda said: "0x" + "ff" * (len(said) // 2 - 1),
    "much": lambda said: "0x" + ("00" * 16 + "ff" * 16) * ((len(said) - 2) // 64),
}


class Node:
    """lie: what it makes of the answers to calls with this selector."""

    def __init__(self, url: str) -> None:
        self.far, self.asked, self.lie = Far(url), set[str](), ("", "")

    def __call__(self, question: dict[str, Any]) -> dict[str, Any]:
        answer = self.far(question)
        if question["method"] != "eth_call" or "result" not in answer:
            return answer
        selector = question["params"][0]["data"][:10]
        self.asked.add(selector)
        told, how = self.lie
        return {"result": LIES[how](answer["result"])} if told == selector else answer


@pytest.fixture
def node(
    run: Callable[..., Result], market: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Node]:
    run("mint", str(market.series), "1", "--yes")
    run("deposit", "50", "--yes")
    found = Node(market.url)
    with serving(found) as url:
        monkeypatch.setenv("TANDEM_RPC", url)
        yield found


@pytest.mark.parametrize("line", COMMANDS)
def test_no_answer_ends_a_command_in_a_traceback(node: Node, market: Any, line: str) -> None:
    words = line.format(market.series).split()
    CliRunner(mix_stderr=False).invoke(main, words)
    for selector in sorted(node.asked):
        for how in LIES:
            node.lie = selector, how
            result = CliRunner(mix_stderr=False).invoke(main, words)
            assert result.exit_code in (0, 1, 2), (selector, how)
            assert isinstance(result.exception, SystemExit | None), (
                selector,
                how,
                result.exception,
            )
