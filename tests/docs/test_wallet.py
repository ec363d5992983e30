"""What the page's guide tells a newcomer to put into his wallet is what a market of his own is."""

from __future__ import annotations

import re
from pathlib import Path

from eth_account import Account

from keeper.cli.up import PORT
from tandem.engine.base import ACCOUNTS, CHAIN_ID
from tandem.window.server import PORT as PAGE_PORT

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "browser.md"


def test_the_wallet_of_the_guide_is_the_trader_s_of_a_local_market() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    (key,) = re.findall(r"0x[0-9a-f]{64}", text)
    assert Account.from_key(key).address == ACCOUNTS[1]
    assert f"http://127.0.0.1:{PORT}" in text
    assert f"number {CHAIN_ID}" in text
    assert f"http://127.0.0.1:{PAGE_PORT}" in text
