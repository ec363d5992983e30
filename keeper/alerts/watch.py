"""Each alert once when it begins, again after hours while it lasts, and once when it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from keeper.alerts.herald import SAID, Herald
from keeper.alerts.memory import Memory, Samples
from keeper.alerts.post import Letter, Post, Tone
from keeper.alerts.rules import HALTED, RUN_BOOK, Rule, rules, windows
from keeper.alerts.told import Told
from keeper.logs import Log, discreet
from keeper.settings import Settings
from keeper.tables import AtOnce
from tandem.errors import TandemError
from tandem.units import HOUR

LOOK_SECONDS = 10.0
"""Between two looks at the figures."""
LAST_SECONDS = 2.0
"""That what is still to be delivered has once the keeper ends."""


@dataclass(slots=True)
class _Case:
    """One rule and one label for which it is broken. Clock's seconds; told: None until it was."""

    since: float
    seen: float
    told: float | None = None


@dataclass(slots=True)
class Watcher:
    """Looks, and hands over what a person should know."""

    rules: Sequence[Rule]
    read: Callable[[], Samples]
    hand: Callable[[Letter], None]
    who: str
    remind_seconds: float
    clock: Callable[[], float] = time.monotonic
    utc: Callable[[], float] = time.time
    _memory: Memory = field(init=False)
    _cases: dict[tuple[str, str], _Case] = field(default_factory=dict[tuple[str, str], _Case])

    def __post_init__(self) -> None:
        self._memory = Memory(windows(self.rules))

    def look(self) -> None:
        """Once."""
        now = self.clock()
        self._memory.add(now, self.read(), self.utc())
        for rule in self.rules:
            broken = rule.broken(self._memory)
            for label, value in broken.items():
                self._is_broken(rule, label, value, now)
            for key in [k for k in self._cases if k[0] == rule.name and k[1] not in broken]:
                case = self._cases.pop(key)
                if case.told is not None:
                    self._tell(rule, key[1], "it is over", Tone.OVER)

    def _is_broken(self, rule: Rule, label: str, value: float, now: float) -> None:
        case = self._cases.setdefault((rule.name, label), _Case(now, now))
        if now - case.since < rule.held:
            return
        if case.told is None:
            self._tell(rule, label, rule.said(label, value), Tone.of(rule.severity))
        elif now - case.told >= self.remind_seconds:
            hours = (now - case.since) / HOUR
            words = f"{rule.said(label, value)} It has been so for {hours:.1f} hours."
            self._tell(rule, label, words, Tone.of(rule.severity))
        else:
            return
        case.told = now

    def _tell(self, rule: Rule, label: str, words: str, tone: Tone) -> None:
        of = f" {label}" if label else ""
        self.hand(Letter(f"{rule.name}{of}: {self.who}", f"{words}\n{_page(rule.name)}", tone))


class Alerts:
    """Looks by a thread of its own, and delivers by another: neither is waited for."""

    def __init__(self, settings: Settings, post: Post, told: Told) -> None:
        self._settings, self._post, self._told = settings, post, told
        self._watchers: list[Watcher] = []
        self._found: list[tuple[str, Letter]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alerts", daemon=True)
        self._thread.start()

    def watch(
        self, read: Callable[[], Samples], who: str, judged: Callable[[Rule], bool] = lambda _: True
    ) -> None:
        """One more keeper. judged: by which of the rules."""
        listed = [rule for rule in rules(self._settings.fees) if judged(rule)]
        remind = self._settings.alerts.remind_hours * HOUR

        def hand(letter: Letter) -> None:
            self._found.append((who, letter))

        self._watchers.append(Watcher(listed, read, hand, who, remind))

    def halted(self, error: TandemError, who: str) -> None:
        """A keeper cannot go on, and somebody has to decide."""
        if not self._told.is_news(f"{HALTED} {who} {error.message}"):
            return
        words = f"It halted: {error.message}; {error.hint}\n{_page(HALTED)}"
        self._post.hand(Letter(f"{HALTED}: {who}", words, Tone.BAD))

    def heard(self, log: Log, who: str) -> Log:
        """A log of which warnings are told at once, as the settings have it."""
        at_once = self._settings.alerts.at_once
        if at_once is AtOnce.NOTHING:
            return log
        return Herald(
            log, self._post.hand, who, discreet(self._settings), _page(SAID), self._told,
            errors_only=at_once is AtOnce.ERRORS,
        )  # fmt: skip

    def close(self) -> None:
        """What was handed over may still go out, for a moment."""
        self._ended.set()
        self._post.close(LAST_SECONDS)

    def _run(self) -> None:
        said = ""
        while not self._ended.wait(LOOK_SECONDS):
            for watcher in list(self._watchers):
                try:
                    watcher.look()
                except Exception as error:  # whatever it is, the next look may be well
                    if repr(error) != said:
                        self._post.say(f"alerts are not judged for now: {error!r}")
                    said = repr(error)
            for letter in together(self._found):
                self._post.hand(letter)
            self._found.clear()


def together(found: Sequence[tuple[str, Letter]]) -> list[Letter]:
    """What many keepers say at once, said once: what ails all is no letter for each of them."""
    same: dict[tuple[str, Tone], list[tuple[str, Letter]]] = {}
    for who, letter in found:
        key = letter.title.removesuffix(f": {who}"), letter.tone
        same.setdefault(key, []).append((who, letter))
    listed: list[Letter] = []
    for (head, tone), each in same.items():
        first = each[0][1]
        if len(each) > 1:
            names = ", ".join(who for who, _ in each)
            first = Letter(f"{head}: {len(each)} markets", f"{first.text}\nSo for {names}.", tone)
        listed.append(first)
    return listed


def begin(settings: Settings, say: Callable[[str], None], journal: Path) -> Alerts | None:
    """Where somebody is named to tell. journal: beside which it is kept what was told. Raises ConfigError for
    what is no address."""
    if not settings.alert_urls:
        return None
    told = Told(journal.with_suffix(".told"), settings.alerts.remind_hours * HOUR)
    return Alerts(settings, Post(settings.alert_urls, say), told)


def _page(name: str) -> str:
    return f"What to do: {RUN_BOOK}#{name.lower()}"
