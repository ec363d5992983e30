"""What packages add to Tandem: commands, policies, forecasters and venues, found by entry points.

One rule for every group. An entry point that names an object (`module:object`) is one plug-in, called
as the entry point is. An entry point that names a package makes each public file in it a plug-in,
called as the file is: where the package is ours, to add one is to add one file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from inspect import Parameter, signature
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from tandem.errors import TandemError

FACTORY = "create"
"""What a file holds that makes something with settings."""


NAMED = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
"""Parameters that may be set by name."""
NEAR = 0.5
"""How like a name has to be that is meant; 1 is the same."""
REPAIR = "repair or uninstall its package"


class PlugInError(TandemError):
    """Base of every error about something that a package adds."""


class PlugInUnknownError(PlugInError):
    """Nothing of that name is built in or plugged in."""


class PlugInClashError(PlugInError):
    """Two packages claim one name."""


class PlugInBrokenError(PlugInError):
    """It cannot be loaded, or does not take the settings given."""


FAILURES = (Exception, SystemExit)
"""What code of another package may fail with; to end the process is not its to decide. See `broken`."""


def broken(what: str, error: BaseException, todo: str) -> PlugInBrokenError:
    """What to raise where `what` failed with one of FAILURES. Raises a signal's own end again, which only
    happened to come there: it is a class of its own."""
    if isinstance(error, SystemExit):
        if type(error) is not SystemExit:
            raise error
        return PlugInBrokenError(
            f"{what}: it would end the process, sys.exit({error.code!r})", todo
        )
    return PlugInBrokenError(f"{what}: {type(error).__name__}: {error}", todo)


@dataclass(frozen=True, slots=True)
class PlugIn:
    """Something that can be loaded, not loaded yet. rival: another module that claims its name."""

    name: str
    module: str
    attribute: str
    rival: str = ""

    def load(self) -> Any:
        """The object. Raises PlugInClashError where another package claims the name, PlugInBrokenError with
        what went wrong."""
        if self.rival:
            raise PlugInClashError(
                f"{self.name!r} is claimed by {self.module} and by {self.rival}",
                "rename one entry point, or uninstall one of the packages",
            )
        if not self.attribute:
            raise PlugInBrokenError(
                f"{self.name!r} names {self.module}, which is no package that can be looked through",
                "its entry point has to be `module:object`, or a package of files; repair or uninstall it",
            )
        try:
            return getattr(import_module(self.module), self.attribute)
        except FAILURES as error:
            what = f"{self.name!r} ({self.module}) cannot be loaded"
            raise broken(what, error, REPAIR) from error

    def summary(self) -> str:
        """The first line of the module's docstring, read and not run; "" where there is none, or nothing that
        can be read: what is broken says so where it is loaded, and hides nothing else."""
        text = ast.get_docstring(self._tree()) or ""
        return text.partition("\n")[0]

    def constant(self, name: str) -> str:
        """The text that the module assigns to `name`, read and not run; "" where there is none."""
        for statement in self._tree().body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=found)], value=ast.Constant(value=str(text))):
                    if found == name:
                        return text
                case _:
                    pass
        return ""

    def _tree(self) -> ast.Module:
        with suppress(Exception):  # other people's: a file that is no Python, or is none
            spec = _spec(self.module)
            if spec is not None and spec.origin is not None:
                return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
        return ast.Module([], [])


def find(group: str, attribute: str | None = None) -> dict[str, PlugIn]:
    """Every plug-in of a group by name. attribute: what a file of a package holds, None for the
    file's own name. One whose name is claimed twice says so where it is loaded, and stops no other."""
    found: dict[str, PlugIn] = {}
    for point in entry_points(group=group):
        for plug_in in _of(point, attribute):
            other = found.get(plug_in.name)
            if other is not None and other != plug_in:
                plug_in = replace(other, rival=plug_in.module)
            found[plug_in.name] = plug_in
    return dict(sorted(found.items()))


def get(group: str, name: str, what: str, attribute: str | None = None) -> PlugIn:
    """One plug-in by name. what: how a person calls such a thing. Raises PlugInUnknownError."""
    found = find(group, attribute)
    if name not in found:
        raise PlugInUnknownError(
            f"no {what} is called {name!r}", f"choose one of: {', '.join(found)}"
        )
    return found[name]


def make(group: str, name: str, what: str, settings: Mapping[str, object]) -> Any:
    """What a plug-in's `create(**settings)` makes. Raises a PlugInError, also for wrong settings; what the
    plug-in itself says of them, as a TandemError, stays its own."""
    factory = get(group, name, what, FACTORY).load()
    try:
        return factory(**settings)
    except TandemError:
        raise
    except FAILURES as error:
        if isinstance(error, TypeError) and not _takes(factory, settings):
            raise PlugInBrokenError(
                f"the {what} {name!r} does not take these settings: {error}",
                _instead(factory, settings),
            ) from error
        todo = f"correct its settings; or {REPAIR}"
        raise broken(f"the {what} {name!r} cannot be made", error, todo) from error


def _takes(factory: Any, settings: Mapping[str, object]) -> bool:
    """Whether a call with these settings reaches what a factory does; not where nobody can tell."""
    try:
        signature(factory).bind(**settings)
    except (TypeError, ValueError):
        return False
    return True


def _instead(factory: Any, settings: Mapping[str, object]) -> str:
    """What to write, by the names that a factory takes."""
    try:
        known = [each.name for each in signature(factory).parameters.values() if each.kind in NAMED]
    except (TypeError, ValueError):
        known = []
    strange = next((each for each in settings if each not in known), None)
    if not known:
        return "remove the setting, or correct its name"
    if strange is None:
        return f"it takes {', '.join(known)}"
    near = get_close_matches(strange, known, 1, NEAR) or [
        each for each in known if each.startswith(strange)
    ]
    if near:
        return f"did you mean {near[0]}?"
    return f"it takes {', '.join(known)}"


def _spec(module: str) -> ModuleSpec | None:
    """None where a package around it is not there, raises, or would end the process."""
    try:
        return find_spec(module)
    except FAILURES as error:
        broken(module, error, REPAIR)  # a signal goes on
        return None


def _of(point: EntryPoint, attribute: str | None) -> Iterator[PlugIn]:
    if ":" in point.value:
        yield PlugIn(point.name, point.module, point.attr)
        return
    spec = _spec(point.value)
    folders = spec.submodule_search_locations if spec else None
    if folders is None:  # of which iter_modules would list every module there is
        yield PlugIn(point.name, point.value, "")
        return
    for file in iter_modules(folders):
        if not file.name.startswith("_"):
            name = file.name.replace("_", "-")
            yield PlugIn(name, f"{point.value}.{file.name}", attribute or file.name)
