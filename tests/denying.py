"""Quote tokens of other manners: one denies by False and reverts nothing, whatever it moved; one is mute."""

from __future__ import annotations

from broken import Change

NONCES = "nonces: public(HashMap[address, uint256])\n"
DENY = """denies: HashMap[address, bool]


@external
def deny(who: address):
    self.denies[who] = not self.denies[who]
"""
DENYING: tuple[Change, ...] = (
    ("mocks/USDC.vy", "    return True\n", "    return not self.denies[msg.sender]\n"),
    ("mocks/USDC.vy", NONCES, NONCES + DENY),
)
"""Of the stand-in for the quote token. Anybody says whom it denies, and again that it does no more."""
MUTE: tuple[Change, ...] = (
    ("mocks/USDC.vy", " -> bool:", ":"),
    ("mocks/USDC.vy", "    return True\n", ""),
    ("mocks/USDC.vy", "implements: IERC20\n", ""),
)
"""Of the same: it returns nothing where ERC-20 says True, as USDT does."""
ALLOWS = "    self._approve(msg.sender, spender, amount)\n"
FROM_NOTHING: tuple[Change, ...] = (
    (
        "mocks/USDC.vy",
        ALLOWS,
        "    assert amount in [0, max_value(uint256)] or self.allowance[msg.sender][spender] == 0\n"
        + ALLOWS,
    ),
)
"""Of the same: an allowance is changed from nothing or to nothing alone, as USDT's on its first chain; but
for people who allow all there is, again and again."""
