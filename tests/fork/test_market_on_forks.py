"""The reviewed file of each rollup, deployed and lived in on a fork of it, or of what stands in for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from chains import Chain
from scenario import deploy, scenario

from tandem.engine.ape_chain import engine_of

Fork = Callable[[], AbstractContextManager[Any]]


def test_a_market_lives_where_its_file_puts_it(chain: Chain, fork: Fork, tmp_path: Path) -> None:
    with fork() as provider:
        engine = engine_of(provider)
        scenario(engine, deploy(engine, chain, tmp_path))
