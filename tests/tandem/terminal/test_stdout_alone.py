"""Under --json stdout has what the command says, and nothing that anybody else prints."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext, redirect_stdout
from io import StringIO
from threading import Thread
from typing import Any

import pytest
import rich_click as click

from tandem.terminal.common import emit, json_option
from tandem.terminal.stdout import put


def printing(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    """As where a venue of another package is loaded to see whether there is one."""
    print("a plug-in, as it is loaded")
    return value


@click.command()
@click.option("--venue", default="mine", callback=printing)
@click.option("--number", type=int)
@json_option
def shown(venue: str, number: int | None, as_json: bool) -> None:
    """A command with a plug-in that prints.

    Its code is another package's.
    """
    print("a plug-in")
    sys.stdout.write("its library\n")
    emit(as_json, {"said": "whole"}, ["said whole"])
    print("as it ends")


@pytest.mark.parametrize("words", [["--json"], ["--venue", "mine", "--json"]])
def test_what_others_print_goes_to_stderr(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    shown(words, standalone_mode=False)
    said = capsys.readouterr()
    assert json.loads(said.out) == {"said": "whole"}
    assert said.err.splitlines() == [
        "a plug-in, as it is loaded", "a plug-in", "its library", "as it ends"
    ]  # fmt: skip


def test_for_people_it_is_shown_where_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    shown([], standalone_mode=False)
    assert "a plug-in\nits library\nsaid whole\nas it ends\n" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--json", "--help"], ["--help", "--json"]])
def test_help_is_for_people_whatever_else_is_typed(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    shown(words, standalone_mode=False)
    said = capsys.readouterr()
    assert "A command with a plug-in" in said.out
    assert not said.err


def test_another_thread_says_its_part(capsys: pytest.CaptureFixture[str]) -> None:
    """A keeper of several markets tells of each from a thread."""

    @click.command()
    @json_option
    def several(**_: Any) -> None:
        def told() -> None:
            print("a plug-in")
            put("{}")

        thread = Thread(target=told)
        thread.start()
        thread.join()

    several(["--json"], standalone_mode=False)
    assert capsys.readouterr() == ("{}\n", "a plug-in\n")


@pytest.mark.parametrize("mixes", [True, False])
def test_a_command_inside_another_writes_where_it_is_told_to(
    mixes: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a stdout of its own it wrote to the outer one's."""
    inside = StringIO()

    @click.command()
    @json_option
    def outer(**_: Any) -> None:
        with nullcontext() if mixes else redirect_stdout(inside):
            shown(["--json"], standalone_mode=False)
        put("whole")

    outer(["--json"], standalone_mode=False)
    said = inside.getvalue() + capsys.readouterr().out
    assert said.replace("\n", "").replace(" ", "") == '{"said":"whole"}whole'
    assert bool(inside.getvalue()) is not mixes


def test_a_command_that_was_typed_wrong_leaves_stdout_to_who_comes_next() -> None:
    from tandem.terminal.group import main

    before = sys.stdout
    with pytest.raises(SystemExit):
        main(["price", "--json", "--nothing"])
    assert sys.stdout is before
