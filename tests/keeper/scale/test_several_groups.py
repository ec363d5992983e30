"""Groups of one process, each of a key and its nodes: what ends one ends no other."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import CapturingLogger

from keeper.group import Group
from keeper.meters import Meters
from keeper.process import Process
from keeper.settings import Settings
from tandem.errors import TandemError

from .test_turns import Street


class Alerts:
    """Whom an operator named."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str]] = []

    def heard(self, log: Any, _: str) -> Any:
        return log

    def watch(self, *_: Any) -> None:
        """Figures are nothing here."""

    def halted(self, error: TandemError, who: str) -> None:
        self.letters.append((error.message, who))

    def close(self) -> None:
        """Nothing waits."""


def halting(crew: Any, made: Process, markets: int) -> Group:
    """Markets of a group whose code is another: of several by a look, of one in its cycle."""
    street, error = Street(markets), TandemError(f"other code stands in {crew.who}", "look")
    street.group.halted = partial(made._halted, crew)
    for market in street.markets:
        market.raises = error
        market.handles = SimpleNamespace(market=SimpleNamespace(address="0x"))

    def act(*_: Any) -> list[Any]:
        raise error

    street.group.act = act
    return street.group


def named(*names: str) -> list[SimpleNamespace]:
    """Crews."""
    markets = {who: [SimpleNamespace(settings=Settings(), lease=who, name=who)] for who in names}
    return [
        SimpleNamespace(who=who, markets=listed, settings=Settings())
        for who, listed in markets.items()
    ]


def test_a_group_that_cannot_begin_and_a_market_that_halts_alone_in_its_own_are_told_of_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of several keys each with one market: their halts were in the log alone. Of several markets of a
    key each is told by its own name."""
    alerts, counts = Alerts(), {"one": 1, "two": 2}

    def attached(crew: Any, *_: Any, **__: Any) -> object:
        if crew.who not in counts:
            raise TandemError("another chain", "look")
        return object()

    def seated(made: Process, crew: Any, _: Any, **__: Any) -> Group:
        return halting(crew, made, counts[crew.who])

    monkeypatch.setattr("keeper.process.crews", lambda *_, **__: named("cut", *counts))
    monkeypatch.setattr("keeper.process.begin", lambda *_: alerts)
    monkeypatch.setattr("keeper.process._journal", lambda *_, **__: None)
    monkeypatch.setattr("keeper.process.attached", attached)
    monkeypatch.setattr(Process, "_seated", seated)
    monkeypatch.setattr(Process, "_hear", lambda _: None)
    made = Process(Settings(), Meters(300), CapturingLogger(), lambda *_: None, lambda *_: None)
    with pytest.raises(TandemError):
        made.run(once=False)
    assert sorted(alerts.letters) == [
        ("another chain", "cut"), ("other code stands in one", "one"),
        ("other code stands in two", "m0"), ("other code stands in two", "m1"),
    ]  # fmt: skip


@pytest.mark.parametrize("once", [True, False])
def test_a_group_that_fails_leaves_the_others_their_turn_and_is_raised_at_the_end(
    monkeypatch: pytest.MonkeyPatch, once: bool
) -> None:
    """`tandem run --once` from a timer: while one chain's node was away no other chain was looked at."""
    kept, log = list[str](), CapturingLogger()
    crews = named("on a chain that is away", "on another", "with a bug", "on a third")

    def keep(_: Process, crew: Any, **__: Any) -> None:
        kept.append(crew.who)
        if crew is crews[0]:
            raise TandemError("no node answers", "start one")
        if crew is crews[2]:
            raise ZeroDivisionError

    monkeypatch.setattr("keeper.process.crews", lambda *_, **__: crews)
    monkeypatch.setattr(Process, "_keep", keep)
    made = Process(Settings(), Meters(300), log, lambda *_: None, lambda *_: None, dry_run=True)
    monkeypatch.setattr(Process, "_hear", lambda _: None)
    with pytest.raises(TandemError, match="no node answers"):
        made.run(once=once)
    assert sorted(kept) == sorted(crew.who for crew in crews)
    told = {(call.args[0], call.kwargs["markets"]) for call in log.calls}
    assert told == {("group halted", crews[0].who), ("group ended", crews[2].who)}
