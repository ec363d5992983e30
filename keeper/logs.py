"""What a keeper says of itself: events with fields, a line each on stderr, for people or as JSON.

`configure` is called once, by whoever starts the process. Keys, and what of a node's address may be one, are
left out of every line, whatever they came in.
"""

from __future__ import annotations

import logging
import re
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TextIO, cast

import structlog
from pydantic import BaseModel, SecretStr
from pydantic_core import from_json
from structlog.typing import EventDict, Processor

from keeper.settings import Settings
from keeper.steady import Steady
from keeper.tables import LogForm
from tandem.engine.endpoint import LEAST_SECRET, secrets_of, split
from tandem.errors import ConfigError
from tandem.terminal.json_text import to_json

FIRST = ("time", "level", "event", "block", "hash", "intent")
"""Fields that a line begins with, in this order."""
GONE = "…"
MOST_LATELY = 100
WARNINGS = frozenset({"warning", "error", "critical", "exception"})


class Log(Protocol):
    """Who is told. fields: what is looked for by machines; the event alone is for people too."""

    def debug(self, event: str, **fields: Any) -> Any: ...
    def info(self, event: str, **fields: Any) -> Any: ...
    def warning(self, event: str, **fields: Any) -> Any: ...
    def error(self, event: str, **fields: Any) -> Any: ...
    def exception(self, event: str, **fields: Any) -> Any: ...


class Named:
    """The same, with fields that every line has, whatever else it says."""

    def __init__(self, log: Log, **always: Any) -> None:
        self._log, self._always = log, always

    def debug(self, event: str, **fields: Any) -> None:
        self._log.debug(event, **fields | self._always)

    def info(self, event: str, **fields: Any) -> None:
        self._log.info(event, **fields | self._always)

    def warning(self, event: str, **fields: Any) -> None:
        self._log.warning(event, **fields | self._always)

    def error(self, event: str, **fields: Any) -> None:
        self._log.error(event, **fields | self._always)

    def exception(self, event: str, **fields: Any) -> None:
        self._log.exception(event, **fields | self._always)


class _Quiet:
    """Tells nobody."""

    def debug(self, event: str, **fields: Any) -> None:
        """Nothing."""

    info = warning = error = exception = debug


QUIET: Log = _Quiet()
_open: list[Steady] = []


class Lately:
    """The last warnings and errors, for whoever asks how it stands; without what nobody may read."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=MOST_LATELY)
        self.bare: Callable[[str], str] = str

    def __call__(self, _: Any, __: str, event: EventDict) -> EventDict:
        if event.get("level") in WARNINGS:
            self._lines.append(self.bare(to_json({**event, "exc_info": None}, one_line=True)))
        return event

    def said(self) -> list[dict[str, Any]]:
        """The newest first."""
        return [from_json(line) for line in reversed(self._lines)]


def configure(settings: Settings, lately: Lately | None = None) -> Log:
    """Who is told from now on, as the settings have it. lately: hears of the warnings among it."""
    is_json = settings.log is LogForm.JSON
    bare = discreet(settings)
    if lately:
        lately.bare = bare

    def last(_: Any, __: str, line: str) -> str:
        return bare(line)

    shape = "iso" if is_json else "%Y-%m-%d %H:%M:%SZ"
    before: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(shape, utc=True, key="time"),
        _ordered,
        *([lately] if lately else []),
    ]
    after: list[Any] = [*(_machines() if is_json else _people()), last]
    structlog.configure(
        processors=[*before, *after],
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        logger_factory=structlog.WriteLoggerFactory(_sink()),
    )
    others = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *after],
    )
    for handler in logging.getLogger("ape").handlers:  # what Silverback says
        handler.setFormatter(others)
    return structlog.get_logger()


def _sink() -> TextIO:
    """Where lines go: the process's own stderr by a thread that may lose some, and holds up nobody."""
    if sys.stderr is not sys.__stderr__:
        return sys.stderr
    sink = Steady(sys.stderr.fileno())
    _open.append(sink)
    return cast("TextIO", sink)


def drain() -> None:
    """Wait for lines that are under way, a second at the most."""
    for sink in _open:
        sink.drain()


def _machines() -> list[Processor]:
    def line(_: Any, __: str, event: EventDict) -> str:
        return to_json(event, one_line=True)

    return [structlog.processors.format_exc_info, line]


def _in_words(_: Any, __: str, event: EventDict) -> EventDict:
    """What is no text, number, truth or collection of them as its own text, a file as where it lies."""
    return {name: each if name == "exc_info" else _said(each) for name, each in event.items()}


def _said(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_said(k): _said(each) for k, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple | set | frozenset):
        return [_said(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return value if value is None or type(value) in (str, int, float, bool) else str(value)


def _people() -> list[Processor]:
    """In colours on a terminal. A traceback shows no variables: they may hold what is nobody's to read."""
    return [
        _in_words,
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            exception_formatter=structlog.dev.plain_traceback,
            pad_event_to=0,
            pad_level=False,
            sort_keys=False,
            timestamp_key="time",
        ),
    ]


def _ordered(_: Any, __: str, event: EventDict) -> EventDict:
    """What says nothing is left out."""
    names = [name for name in FIRST if name in event]
    names += [name for name in event if name not in FIRST]
    return {name: event[name] for name in names if event[name] not in (None, "")}


def discreet(settings: Settings) -> Callable[[str], str]:
    """What takes secrets out of a line that is ready."""
    found = {spelled for secret in _secrets(settings) for spelled in _spellings(secret)}
    if not found:
        return str
    listed = sorted(found, key=len, reverse=True)
    secret = re.compile("|".join(map(re.escape, listed)), re.IGNORECASE)
    return lambda line: secret.sub(GONE, line)


def _secrets(settings: Settings) -> Iterator[str]:
    """Values that nobody may read: those of settings that are secrets, and of nodes' addresses."""
    yield from _hidden(settings)
    more = [part.strip() for each in settings.markets for part in each.rpc.split(",")]
    for url in filter(None, (*settings.nodes, *more)):
        try:
            yield from secrets_of(split(url))
        except ConfigError:  # who connects says so
            yield url


def _hidden(value: Any) -> Iterator[str]:
    """In a setting, and in what is inside it."""
    if isinstance(value, SecretStr):
        whole = value.get_secret_value()
        yield from filter(None, {whole.strip(), *(part.strip() for part in whole.split(","))})
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _hidden(getattr(value, name))
    elif isinstance(value, Mapping):
        for each in value.values():  # pyright: ignore[reportUnknownVariableType]
            yield from _hidden(each)
    elif isinstance(value, list | tuple):
        for each in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _hidden(each)


def _spellings(secret: str) -> Iterator[str]:
    """As it stands in a line: bare, and as JSON and Python quote it."""
    bare = secret.removeprefix("0x")
    if len(bare) >= LEAST_SECRET:
        yield from (bare, to_json(bare, one_line=True)[1:-1], repr(bare)[1:-1])
