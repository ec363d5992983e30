"""A market on bitcoin, of a token of eight decimals at 90,000 USD, as a file opens it (LM-10)."""

from __future__ import annotations

from pathlib import Path

from tandem.engine.backend import BaseEngine
from tandem.model.svi import Slice
from tandem.protocol.applying import apply
from tandem.protocol.deployment import Deployment, tandem_of
from tandem.protocol.recipe import load_recipe
from tandem.protocol.series import next_expiry
from tandem.protocol.tandem import Tandem
from tandem.units import USD

PRICE = 90_000
GRAIN = 10**10
SMILE = Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)
FILE = """
name = "wrapped"
chain_id = 31337
asset = "BTC"
[roles]
signers = ["0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"]
[venue]
kind = "{kind}"
deploy = true
price = 90_000
decimals = {decimals}
depth_usd = 20_000_000
[settings]
timelock = 172_800
min_price = 9_000
max_price = 900_000
"""


def opened(engine: BaseEngine, folder: Path, kind: str = "aave") -> tuple[Deployment, Tandem, int]:
    """On a lender: its record, the market with five million of an LP, margin, a listing and a surface, and
    the expiry."""
    file = folder / "wrapped.toml"
    file.write_text(FILE.format(kind=kind, decimals=8))
    deployment = apply(engine, load_recipe(file), engine.accounts[0])
    tandem = tandem_of(engine, deployment)
    tandem.deposit(5_000_000 * USD)
    expiry = next_expiry(engine.now(), 20)
    tandem.list_expiry(expiry, [PRICE * part // 10 for part in (9, 10, 11, 20)])
    tandem.post({expiry: SMILE})
    engine.advance(61)
    tandem.desk.send("top_up", sender=tandem.keeper)
    tandem.freshen_gate()
    tandem.give(tandem.trader, 10**12)
    return deployment, tandem, expiry
