"""A package that is broken is named where it is used, and spoils no command of anybody else."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tandem import plugins, venues
from tandem.engine.revert_data import SILENT
from tandem.errors import Reverted
from tandem.plugins import PlugInBrokenError, PlugInClashError, find, make
from tandem.protocol.reverts import explain, why_not_constructed
from tandem.terminal.group import GROUP, LazyGroup

FILES = {
    "no_python.py": "def x(:",
    "raises.py": '"""`raises`: says what it is."""\nraise RuntimeError("boom")',
    "ends.py": "import sys\nsys.exit(0)",
    "no_command.py": '"""`no-command`: none."""\ncommand = None',
    "one_file.py": '"""`one-file`: a file by itself."""',
    "around/__init__.py": 'raise RuntimeError("boom")',
    "around/inner.py": "",
    "ending/__init__.py": "import sys\nsys.exit(0)",
    "ending/inner.py": "",
}
BROKEN = {
    "none-around": "no_such_package.inner:command",
    "none": "no_such_module:command",
    "no-python": "no_python:command",
    "raises": "raises:command",
    "ends": "ends:command",
    "raises-around": "around.inner:command",
    "ends-around": "ending.inner:command",
    "package-in-one-that-ends": "ending.inner",
    "no-command": "no_command:command",
    "package-of-none": "no_such_package",
    "package-in-none": "no_such_package.inner",
    "file-as-package": "one_file",
}


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """As if another package were installed with these entry points."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)

    def plugged(group: str, name: str, value: str) -> None:
        def more(**selected: Any) -> Any:
            mine = [EntryPoint(name, value, group)] if selected["group"] == group else []
            return (*entry_points(**selected), *mine)

        monkeypatch.setattr(plugins, "entry_points", more)

    return plugged


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_command_is_listed_and_named_and_the_others_work(plug: Any, name: str) -> None:
    """`tandem --help` was a traceback wherever a file was no Python or a package was not there; an entry
    point without an object took every module on the path for a command, and no command worked."""
    before = set(find(GROUP))
    plug(GROUP, name, BROKEN[name])
    assert set(find(GROUP)) == before | {name}
    group = LazyGroup(name="tandem")
    listed = CliRunner().invoke(group, ["--help"], standalone_mode=False)
    assert listed.exit_code == 0, listed.exception
    assert f" {name} " in listed.output
    assert "status" in listed.output
    context = group.make_context("tandem", [name])
    with pytest.raises(PlugInBrokenError, match=name) as error:
        group.resolve_command(context, [name])
    assert error.value.hint
    assert group.resolve_command(context, ["status"])[0] == "status"


def made_of(name: str) -> Any:
    def needs(low: float, high: float) -> float:
        return low + high

    def errs(low: float = 0.0) -> float:
        raise {
            "value": ValueError("above one"), "type": TypeError("inside"), "end": SystemExit(0),
        }[name]  # fmt: skip

    return needs if name == "needs" else errs


@pytest.mark.parametrize(
    ("name", "settings", "said", "todo"),
    [
        ("needs", {}, "does not take these settings", "it takes low, high"),
        ("needs", {"lo": 1.0}, "does not take these settings", "did you mean low"),
        ("value", {}, "cannot be made: ValueError: above one", "repair"),
        ("type", {"low": 1.0}, "cannot be made: TypeError: inside", "repair"),
        ("end", {}, "cannot be made: it would end the process", "repair"),
    ],
)
def test_what_a_factory_raises_is_told_from_settings_that_it_does_not_take(
    plug: Any, monkeypatch: pytest.MonkeyPatch, name: str, settings: Any, said: str, todo: str
) -> None:
    plug("tandem.policies", "mine", "one_file:create")
    monkeypatch.setattr(plugins.PlugIn, "load", lambda _: made_of(name))
    with pytest.raises(PlugInBrokenError, match=said) as error:
        make("tandem.policies", "mine", "policy", settings)
    assert todo in error.value.hint
    assert "'mine'" in error.value.message


def test_a_name_that_two_packages_claim_is_refused_and_no_other(plug: Any) -> None:
    """No command worked then: not `run`, nor `close`."""
    plug(GROUP, "mint", "one_file:command")
    group = LazyGroup(name="tandem")
    listed = CliRunner().invoke(group, ["--help"], standalone_mode=False)
    assert listed.exit_code == 0, listed.exception
    context = group.make_context("tandem", ["quote"])
    assert group.resolve_command(context, ["quote"])[0] == "quote"
    with pytest.raises(PlugInClashError, match=r"'mint' is claimed by .* and by one_file"):
        find(GROUP)["mint"].load()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("raises:recipe", "cannot be loaded: RuntimeError: boom"),
        ("no_command:command", "the venue 'mine' lacks name, adapter"),
    ],
)
def test_a_broken_venue_is_told_of_where_it_is_named_and_stops_no_market_on_another(
    plug: Any, value: str, said: str
) -> None:
    """The keeper of a market on Perp v2 did nothing where any package brought a venue that was broken, and
    `tandem venues` and `doctor` neither."""
    plug(venues.GROUP, "mine", value)
    with pytest.raises(PlugInBrokenError, match=said):
        venues.recipe("mine")
    assert {each.name for each in venues.recipes()} == set(venues.names()) - {"mine"}
    assert venues.explained("no such reason") is None
    assert "no such reason" in str(explain("no such reason"))
    assert why_not_constructed("PerpV2Venue", Reverted(SILENT))


def test_every_venue_that_is_built_in_is_a_whole_recipe() -> None:
    assert {each.name for each in venues.recipes()} == set(venues.names())
