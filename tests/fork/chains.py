"""The chains that are forked: what each is called, at which block, and where its fees are told.

Addresses of what is traded stand in deployments/<name>.toml, and nowhere here.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tandem.protocol.deployment import FOLDER
from tandem.protocol.recipe import Recipe, load_recipe

UNISWAP = "0x1F98431c8aD98523631AE4a59f267346ea31F984"
GAS_PRICE_ORACLE = "0x420000000000000000000000000000000000000F"
"""Of every rollup of the OP stack."""
NODE_INTERFACE = "0x00000000000000000000000000000000000000C8"
ARB_GAS_INFO = "0x000000000000000000000000000000000000006C"
ROLES = re.compile(r"\[roles\][^\n]*\n")
ETH, BTC = "eth", "btc"
"""The file's markets."""
SET = "-set"
"""The file that hedges over several venues, where a chain has one."""
VENUE = r"\[markets\.{market}\.venue\].*?\n\n"


@dataclass(frozen=True, slots=True)
class Chain:
    """name: of its deployment file and of Ape's ecosystem; variable: that names a node of it; block: that
    forks are pinned at; factory: of Uniswap v3, by its publisher's page of deployments; optimistic: of the
    OP stack, else Arbitrum's; market: of its file, that is lived in; variant: of its file."""

    name: str
    id: int
    variable: str
    block: int
    factory: str
    optimistic: bool
    market: str = ETH
    variant: str = ""

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}{self.variant}.toml"

    @property
    def named(self) -> dict[str, Any]:
        """What the file says of that market, as it is written."""
        raw = tomllib.loads(self.file.read_text())
        own = raw["markets"][self.market]
        return raw | own | {"settings": raw["settings"] | own.get("settings", {})}

    def recipe(
        self,
        folder: Path,
        people: tuple[str, str, list[str]],
        venue: Mapping[str, str | int] | None = None,
    ) -> Recipe:
        """The reviewed file with its roles filled in, and nothing else changed. folder: where the copy may
        lie; people: owner, guardian and lister, signers; venue: another than the file's."""
        owner, guardian, signers = people
        roles = f'[roles]\nowner = "{owner}"\nguardian = "{guardian}"\nlister = "{guardian}"\n'
        roles += f"signers = {signers}\n".replace("'", '"')
        text, count = ROLES.subn(roles, self.file.read_text())
        assert count == 1
        if venue is not None:
            lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in venue.items())
            old = re.compile(VENUE.format(market=self.market), re.DOTALL)
            text, count = old.subn(f"[markets.{self.market}.venue]\n{lines}\n", text)
            assert count == 1
        copy = folder / self.file.name
        copy.write_text(text)
        return load_recipe(copy, self.market)


CHAINS = {
    chain.name: chain
    for chain in (
        # Blocks of the end of May 2026, long after Aave's version 3.6; an archive node has them.
        Chain("arbitrum", 42_161, "ARBITRUM_RPC_URL", 460_000_000, UNISWAP, optimistic=False),
        Chain(
            "base",
            8_453,
            "BASE_RPC_URL",
            46_700_000,
            "0x33128a8fC17869897dcE68Ed026d694621f6FDfD",
            optimistic=True,
        ),
        Chain("optimism", 10, "OPTIMISM_RPC_URL", 152_300_000, UNISWAP, optimistic=True),
    )
}
