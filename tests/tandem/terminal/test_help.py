"""What a person sees first: who types what, examples, the nearest name, the version."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tandem.plugins import find
from tandem.terminal import ending, release
from tandem.terminal.group import GROUP, PEOPLE, main

from .surface import commands, environment

ROOT = Path(__file__).resolve().parents[3]


def run(*words: str) -> Result:
    return CliRunner(mix_stderr=False).invoke(main, list(words))


def test_help_groups_commands_by_who_types_them_and_forgets_none() -> None:
    text = run("--help").stdout
    panels = re.findall(r"╭─ (\w+) ", text)
    assert panels == ["Options", *(who for who in PEOPLE if who in panels)]
    for name, plug_in in find(GROUP).items():
        who = plug_in.constant("WHO")
        assert who in PEOPLE, f'{plug_in.module}: say who types it, as WHO = "trader"'
        panel = text.partition(f"╭─ {who} ")[2].partition("╰")[0]
        assert re.search(rf"│ {name} ", panel), name


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_commands_help_has_an_example_that_it_parses(words: tuple[str, ...]) -> None:
    command = commands()[words]
    shown = (command.help or "").partition("Examples:\n")[2]
    examples = [line.split() for line in shown.splitlines() if f" {' '.join(words)}" in line]
    assert examples, "end its docstring with \\b, Examples: and a line or two"
    for example in examples:
        typed = example[example.index("tandem") + 1 + len(words) :]
        if not isinstance(command, click.Group):
            command.make_context(words[-1], typed)


def test_every_command_takes_json_as_readme_says() -> None:
    assert "Each takes `--json`" in (ROOT / "README.md").read_text()
    for words, command in commands().items():
        taken = [name for option in command.params for name in option.opts]
        assert isinstance(command, click.Group) or "--json" in taken, words


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("prize",), "tandem price"),
        (("deploy", "aply"), "tandem deploy apply"),
        (("config", "shwo"), "tandem config show"),
    ],
)
def test_an_unknown_command_suggests_the_nearest(words: tuple[str, ...], meant: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert f"did you mean `{meant}`?" in result.stderr


def test_nothing_near_is_not_guessed() -> None:
    result = run("qqqqqq")
    assert result.exit_code == 2
    assert "did you mean" not in result.stderr
    assert "`tandem --help`" in result.stderr


def test_the_version_names_the_commit_of_a_checkout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    said = run("--version").stdout.split()
    assert said[0] == "tandem"
    if head:
        assert said[2] == "at"
        assert head.startswith(said[3].rstrip("+"))
    monkeypatch.setattr("tandem.engine.artifacts.ROOT", tmp_path)
    assert release.checkout_commit() == ""


def test_exit_codes_are_told_where_people_look() -> None:
    text = " ".join(run("--help").stdout.replace("│", " ").split())
    for code in (0, ending.EXIT_FAULT, ending.EXIT_ERROR, 129, 130, 143):
        assert re.search(rf"\b{code}\b", text), code


def on_a_terminal(columns: int, *words: str, **more: str) -> str:
    """What a command draws on a terminal of that width."""
    parent, child = pty.openpty()
    env = environment(TERM="xterm-256color", **more) | {"COLUMNS": str(columns)}
    env.pop("NO_COLOR", None) if "NO_COLOR" not in more else None
    with subprocess.Popen(
        [sys.executable, "-m", "tandem", *words], stdout=child, stderr=child, env=env
    ) as process:
        os.close(child)
        drawn = b""
        while True:
            try:
                part = os.read(parent, 4_096)
            except OSError:
                break
            if not part:
                break
            drawn += part
        process.wait(60)
    os.close(parent)
    return drawn.decode()


COLOUR = re.compile("\x1b\\[[0-9;]*(3[0-7]|9[0-7]|38;)[0-9;]*m")


def test_no_color_is_respected() -> None:
    assert COLOUR.search(on_a_terminal(80, "--help"))
    assert not COLOUR.search(on_a_terminal(80, "--help", NO_COLOR="1"))


@pytest.mark.parametrize("columns", [60, 80])
def test_prices_can_be_read_on_a_narrow_terminal(tmp_path: Path, columns: int) -> None:
    file = tmp_path / "options.csv"
    file.write_text(
        "note,type,forward,strike,tau_seconds,vol,cap\n"
        "first,call,2000,2100,2592000,0.8,4200\nsecond,put,2000,2100,2592000,9,\n"
    )
    drawn = on_a_terminal(columns, "price", str(file))
    lines = [re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", line) for line in drawn.splitlines()]
    assert max(map(len, lines)) <= columns
    words = " ".join(" ".join(lines).split())
    assert "…" not in words
    for shown in ("note first", "strike 2100", "tau_seconds 2592000", "cap 4200", "delta 0.4"):
        assert shown in words
    assert "error vol: out of [0.01, 5]" in words
