"""Keys that sign surfaces are looked at before anything is done, as the keeper's own is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from lived_in import SIGNER_KEY


@pytest.mark.parametrize("keys", ["0x12", "no hex", "0x" + 64 * "0", f"{SIGNER_KEY},0x12"])
@pytest.mark.parametrize("flags", [("--once",), ("--dry-run",), ("--dry-run", "--once")])
def test_what_is_none_is_named_before_anything_is_done_and_not_shown(
    tandem: Callable[..., Result],
    market: Any,
    monkeypatch: pytest.MonkeyPatch,
    keys: str,
    flags: tuple[str, ...],
) -> None:
    """The first post ended the cycle with a traceback, whatever was behind it, and each cycle after it."""
    before = market.nonce()
    market.engine.advance(700)  # a post is due
    monkeypatch.setenv("TANDEM_SURFACE__KEYS", keys)
    ended = tandem("run", *flags)
    assert ended.exit_code == 2
    assert "TANDEM_SURFACE__KEYS is no private key" in ended.stderr
    assert "what to do next: " in ended.stderr
    assert keys not in ended.output
    assert market.nonce() == before
