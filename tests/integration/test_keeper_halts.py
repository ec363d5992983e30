"""A keeper that cannot go on, under Silverback. By itself, as it waits for a minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keepers import PATIENCE, silverback, wait

from tandem.protocol.tandem import Tandem


def test_a_keeper_that_cannot_go_on_ends_with_an_exit_code_that_says_so(
    chain: Any, tandem: Tandem, program: Callable[[str], str], tmp_path: Path
) -> None:
    """Issue: "exit codes (nonzero on a halt)". Under Silverback whatever ended it, its code was 0."""
    log = tmp_path / "log"
    chain.engine.shared = True
    with silverback(program("silverback"), chain, tmp_path) as process:
        wait(chain, process, log, lambda: bool(tandem.surface.call("slices")))
        vault = chain.deployment.address("Vault")
        code = chain.engine.request("eth_getCode", [vault, "latest"])
        chain.engine.request("anvil_setCode", [vault, code + "00"])
        deadline = time.monotonic() + PATIENCE + 60
        while process.poll() is None and time.monotonic() < deadline:
            chain.engine.advance(700)  # something is due, and code is looked at once a minute
            time.sleep(1.0)
        assert process.poll() == 2, log.read_text()
    assert "other code stands at Vault" in log.read_text()
