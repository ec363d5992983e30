"""`tandem run` beside a market in distress: its delever is lost to a fork, taken by somebody else, or made
needless, between plan and block."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from distress import SHORT, falls, ratio, squeeze
from lived_in import KEEPER_KEY
from worlds import ABRUPT, USD, World, furnish

from faults.proxy import Sooner, between
from keeper.journal import State
from tandem.engine.anvil import AnvilEngine
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.applying import apply
from tandem.protocol.deployment import FOLDER, tandem_of
from tandem.protocol.recipe import load_recipe
from tandem.terminal.group import main
from tandem.units import WAD
from tandem.venues import Depth

pytestmark = pytest.mark.long
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str, Path]]:
    """A node with a market that is short of margin, its address, its deployment's file."""
    with AnvilEngine(prune_history=False) as node:
        engine: Any = RemoteEngine(Node(node.url).request)
        engine.request("evm_setAutomine", [True])
        recipe = load_recipe(FOLDER / "local.toml")
        settings = replace(recipe.settings, loss_cap=WAD, terms=ABRUPT)
        deployment = apply(
            engine, replace(recipe, depth=Depth(), settings=settings), engine.accounts[0]
        )
        file = tmp_path_factory.mktemp("distress") / "local.json"
        deployment.save(file)
        t = tandem_of(engine, deployment)
        found: Any = t.exchange
        w = World(engine, found, t, 0, 0)
        furnish(w, margin=False)
        t.desk.send("top_up", sender=w.stranger)
        t.freshen_gate()
        squeeze(w)
        falls(w, SHORT)
        yield w, node.url, file


@pytest.fixture
def short(once: tuple[World, str, Path]) -> Iterator[tuple[World, str, Path]]:
    """As it was, each time; a chunk may go."""
    engine: Any = once[0].engine
    began, mark = engine.now(), engine.request("evm_snapshot", [])
    engine.advance(60)
    once[0].push_wad(once[0].spot)
    yield once
    engine.request("evm_revert", [mark])
    engine.request("evm_setTime", [began])


@pytest.fixture
def run(
    short: tuple[World, str, Path], settings: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """`tandem run --once`, and what it said."""
    _, url, file = short
    own = {
        "DEPLOYMENT": file,
        "JOURNAL": settings / "journal.sqlite",
        "KEY": KEEPER_KEY,
        "RPC": url,
    }
    for name, value in own.items():
        monkeypatch.setenv(f"TANDEM_{name}", str(value))

    def answer(*more: str) -> str:
        result = CliRunner(mix_stderr=False).invoke(main, ["run", "--once", *more])
        assert result.exit_code == 0, result.stderr
        return result.stderr

    return answer


def delevers(settings: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(settings / "journal.sqlite") as db:
        return db.execute(
            "SELECT t.state, a.note FROM transactions t JOIN actions a ON a.id = action"
            " WHERE kind = 'delever' ORDER BY nonce"
        ).fetchall()


def test_a_fork_that_forgets_a_delever_is_lived_through_and_it_is_done_once(
    short: tuple[World, str, Path], run: Callable[..., str], settings: Path
) -> None:
    """FAULTS 6, of a delever."""
    w = short[0]
    engine: Any = w.engine
    before, height = w.position(), engine.block()
    run()
    after = w.position()
    assert abs(after) < abs(before)
    engine.request("anvil_reorg", [engine.block() - height, []])
    assert w.position() == before
    assert "delever" in run()
    for _ in range(2):
        run()
    assert [state for state, _ in delevers(settings)] == [State.MINED]
    assert w.position() == pytest.approx(after, rel=1e-3)


@pytest.mark.parametrize("who", ["rival", "lp", "trader"])
def test_a_delever_that_somebody_made_needless_is_refused_and_not_tried_again(
    short: tuple[World, str, Path], run: Callable[..., str], settings: Path, who: str
) -> None:
    """FAULTS 19 and 20. HG-20: inside the chunk of a minute, and not where the Vault may lend."""
    w, url, _ = short
    acts: dict[str, Callable[[], object]] = {
        "rival": lambda: w.tandem.desk.send("delever", sender=w.stranger),
        "lp": lambda: w.tandem.deposit(50_000 * USD, lp=w.engine.accounts[6]),
        "trader": lambda: w.close(w.call(2_500), 30 * 10**6),
    }
    before = w.position()
    with between(url, Sooner) as sooner:
        sooner.selector = w.tandem.desk.abi.function("delever", 0).encode(())[:4].hex()
        sooner.act = acts[who]
        said = run("--rpc", sooner.url)
        assert sooner.act is None
    assert "delever" in said
    for _ in range(2):
        assert "delever" not in run()
    assert [state for state, _ in delevers(settings)] == [State.REVERTED]
    assert ratio(w) > 0.12
    if who == "rival":
        assert 0.8 * abs(before) < abs(w.position()) < abs(before)  # one chunk went, not two
