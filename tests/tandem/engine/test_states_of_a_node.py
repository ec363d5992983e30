"""What a node of ours keeps on disk: bounded, and gone when it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tandem.engine import states
from tandem.engine.anvil import AnvilEngine
from tandem.engine.rpc import RpcError

IN_MEMORY = 500
ACCOUNT = "0x" + "11" * 20


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(states, "user_cache_path", lambda name, **_: tmp_path / name)
    return tmp_path / "tandem" / "states"


def mine(node: AnvilEngine, blocks: int) -> None:
    for _ in range(blocks):
        node.rpc("evm_mine")


def test_older_states_lie_in_a_folder_that_ends_with_the_node(folder: Path) -> None:
    with AnvilEngine(prune_history=False) as node:
        mine(node, IN_MEMORY + 60)
        assert len(list(folder.rglob("*.json"))) > 20
        assert node.rpc("eth_getBalance", ACCOUNT, "0x1") == "0x0"
    assert not list(folder.iterdir())


def test_no_more_than_so_many_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "KEPT", 50)
    with AnvilEngine(prune_history=False) as node:
        mine(node, IN_MEMORY + 300)
        assert 0 < len(list(folder.rglob("*.json"))) <= 50
        with pytest.raises(RpcError):
            node.rpc("eth_getBalance", ACCOUNT, "0x1")


def test_what_a_killed_process_left_is_swept(folder: Path) -> None:
    left, other = folder / "99999999-dead", folder / "1-lives"
    for each in (left, other):
        each.mkdir(parents=True)
        (each / "state").write_text("{}")
    with AnvilEngine(prune_history=False):
        assert not left.exists()
        assert other.exists()


def test_a_cache_folder_that_cannot_be_made_is_no_reason_not_to_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    taken = tmp_path / "file"
    taken.write_text("")
    monkeypatch.setattr(states, "user_cache_path", lambda *_, **__: taken)
    with states.state_folder() as made:
        assert made.is_dir()
    assert not made.exists()
