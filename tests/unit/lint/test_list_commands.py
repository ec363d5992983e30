"""README lists every command for who types it, by the commands' own files."""

from __future__ import annotations

import pytest

TEXT = """| you are | start here | the commands |
|---|---|---|
| a trader | [Trading](guide) | `old` |
| an LP | [Providing](guide) | |
"""


@pytest.fixture
def listed(scripts):
    from list_commands import listed

    return listed


def test_each_row_has_its_own_in_order_and_nothing_that_is_gone(listed):
    text = listed(TEXT, {"mint": "trader", "chain": "trader", "exit": "LP", "demo": "newcomer"})
    assert "| a trader | [Trading](guide) | `chain` `mint` |" in text
    assert "| an LP | [Providing](guide) | `exit` |" in text
    assert "old" not in text
    assert "demo" not in text


def test_who_has_no_row_is_named(listed):
    with pytest.raises(ValueError, match="no row of auditor"):
        listed(TEXT, {"attest": "auditor"})
