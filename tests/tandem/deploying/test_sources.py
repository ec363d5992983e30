"""What an explorer takes is what was deployed, compiled from the written file alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from chain_of_others import Chain

from tandem.engine.artifacts import compile_vyper
from tandem.protocol import sources
from tandem.protocol.applying import apply
from tandem.protocol.deployment import Deployment
from tandem.protocol.record_checks import restored
from tandem.protocol.sources import SourceError, compiled, standard_json, write_sources


@pytest.fixture(scope="module")
def deployed(standing: Chain) -> Iterator[Deployment]:
    with standing.undone():
        yield apply(standing.engine(), standing.recipe, standing.deployer)


@pytest.mark.long
def test_what_is_written_compiles_to_what_was_sent(
    deployed: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one contract that imports others, a small one: each takes the compiler seconds, twice; `make
    long` does all."""
    monkeypatch.setattr(sources, "order", lambda *_: ("Breaker",))
    (found,) = write_sources(deployed, tmp_path)
    part = deployed.contracts["Breaker"]
    assert found.address == part.address
    text = found.input.read_text()
    init = compiled(text, found.contract) + bytes.fromhex(found.arguments)
    assert init == compile_vyper("Breaker").init(restored(part.args))
    assert json.loads(text)["language"] == "Vyper"


@pytest.mark.long
def test_all_of_them(deployed: Deployment, tmp_path: Path) -> None:
    assert len(write_sources(deployed, tmp_path)) == len(deployed.contracts)


@pytest.mark.long
def test_another_source_gives_another_code() -> None:
    text, contract, _ = standard_json("Bounty")
    assert compiled(text, contract) == compile_vyper("Bounty").bytecode
    raw = json.loads(text)
    del raw["integrity"]
    main = raw["sources"]["contracts/Bounty.vy"]
    assert "1_000_000" in main["content"]
    main["content"] = main["content"].replace("1_000_000", "1_000_001")
    main.pop("sha256sum", None)
    assert compiled(json.dumps(raw), contract) != compile_vyper("Bounty").bytecode


def test_what_was_deployed_from_other_sources_is_named(
    deployed: Deployment, tmp_path: Path
) -> None:
    part = replace(deployed.contracts["Risk"], init_hash="0x" + "11" * 32)
    other = replace(deployed, contracts=deployed.contracts | {"Risk": part})
    with pytest.raises(SourceError, match=r"Risk at 0x.* was not deployed from the sources here"):
        write_sources(other, tmp_path)


@pytest.mark.parametrize("args", [("x",), (), (None,)])
def test_arguments_that_it_cannot_have_been_given_are_named(
    deployed: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[object, ...]
) -> None:
    """It was an encoder's error."""
    monkeypatch.setattr(sources, "order", lambda *_: ("Underwriter",))
    part = replace(deployed.contracts["Underwriter"], args=args)
    other = replace(deployed, contracts=deployed.contracts | {"Underwriter": part})
    with pytest.raises(SourceError, match="arguments of Underwriter are not what it is") as caught:
        write_sources(other, tmp_path)
    assert "deploy apply" in caught.value.hint
