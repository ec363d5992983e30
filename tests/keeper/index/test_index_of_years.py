"""An index of years answers as soon as one of days: of 1.5 million events who has done nothing was told so
after four seconds, two rare kinds took two, and each second beside a node that was behind sixteen and half a
gigabyte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from keeper.index import answers
from keeper.index.answers import page
from keeper.index.asked import Wanted
from keeper.index.rows import Block, Row
from keeper.index.store import Store, stores

NEWEST, FEW, MANY = 10_000, 600, 6_000
KEEPER, TRADER = "0x" + "aa" * 20, "0x" + "bb" * 20
ASKED: dict[str, Callable[[Store], Any]] = {
    name: lambda store, wanted=wanted: page(store, wanted)
    for name, wanted in {
        "all": Wanted(),
        "a kind": Wanted(kinds=("surface",)),
        "rare kinds": Wanted(kinds=("breaker", "guardian")),
        "nobody": Wanted(account="0x" + "cc" * 20),
        "who trades": Wanted(account=TRADER),
        "what he trades": Wanted(account=TRADER, kinds=("trade",)),
        "what of all he is in": Wanted(account=TRADER, kinds=("surface",)),
        "the keeper's": Wanted(account=KEEPER),
        "the keeper's rarest": Wanted(account=KEEPER, kinds=("breaker",)),
        "a page of before": Wanted(before=(NEWEST - 500, 0)),
        "a kind's page of before": Wanted(kinds=("surface",), before=(NEWEST - 500, 0)),
        "an account's page of before": Wanted(account=KEEPER, before=(NEWEST - 500, 0)),
    }.items()
} | {
    "the last hash": lambda store: store.mark(NEWEST),
    "how far it is": lambda store: store.reach(),
}  # fmt: skip


def kept(path: Path, events: int) -> Store:
    """So many up to the newest block, nearly all of them slices that a keeper posts."""
    store, _ = stores(str(path), "1:0x")
    store.prepare()
    before, first = Block(NEWEST - events, "0x", 1), NEWEST - events + 1
    store.begin(first, before)
    blocks = [Block(number, f"0x{number:x}", number) for number in range(first, NEWEST + 1)]
    rows = list[Row]()
    for number in range(first, NEWEST + 1):
        back = NEWEST - number
        kind = {7: "breaker", 9: "guardian"}.get(back, "trade" if back % 50 == 3 else "surface")
        people = (TRADER,) if kind == "trade" and back < FEW else (KEEPER,)
        rows.append(Row(number, 0, "0x1", "0x2", kind, "Said", ("0x3",), "0x", "{}", people))
    store.add(before, blocks[-1], blocks, rows, 1)
    return store


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    folder = tmp_path_factory.mktemp("years")
    with ExitStack() as ends:
        made = [kept(folder / f"{n}.sqlite", n) for n in (FEW, MANY)]
        for each in made:
            ends.enter_context(closing(each))
        yield made[0], made[1]


def work(store: Store, ask: Callable[[Store], Any]) -> int:
    """Steps of the file's machine, in tens."""
    steps: list[None] = []
    store.reach()
    vars(store)["_db"].set_progress_handler(lambda: steps.append(None), 10)
    ask(store)
    vars(store)["_db"].set_progress_handler(None, 0)
    return len(steps)


@pytest.mark.parametrize("name", ASKED)
def test_what_came_before_costs_an_answer_nothing(
    both: tuple[Store, Store], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_many = answers.IS_MANY.replace(str(answers.MANY), str(FEW // 2))
    monkeypatch.setattr(answers, "IS_MANY", is_many)
    few, many = (work(each, ASKED[name]) for each in both)
    assert many <= 1.2 * few + 5


@pytest.mark.parametrize("most", [1, 10**6])
def test_an_account_s_are_the_same_however_they_are_looked_for(
    both: tuple[Store, Store], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_many = answers.IS_MANY.replace(str(answers.MANY), str(most))
    monkeypatch.setattr(answers, "IS_MANY", is_many)
    found = page(both[1], Wanted(account=TRADER, kinds=("trade", "breaker"), limit=5))
    assert [each["block"] for each in found["events"]] == [NEWEST - 3 - 50 * n for n in range(5)]
    assert found["next"] == f"{NEWEST - 203}-0"
    after = page(both[1], Wanted(account=TRADER, kinds=("trade",), after=(NEWEST - 103, 0)))
    assert [each["block"] for each in after["events"]] == [NEWEST - 3, NEWEST - 53]
