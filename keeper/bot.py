"""The keeper under Silverback: `silverback run keeper.bot:bot --network … --account …`.

`tandem run` starts exactly this. Settings come from TANDEM_… variables and tandem.toml, the node and
the account from Ape; the work is `keeper.cycle`.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from ape.utils import ManagerAccessMixin
from silverback import SilverbackBot, StateSnapshot

from keeper.assembly import build
from keeper.cycle import Keeper
from keeper.settings import load_settings
from tandem.connection import check_chain, record
from tandem.engine.ape_chain import engine_of, signer_of
from tandem.engine.signers import Signer
from tandem.errors import TandemError
from tandem.protocol.deployment import Deployment

BEAT_SECONDS = 0.5
log = structlog.get_logger("tandem")
bot: Any = SilverbackBot(signer_required=True)  # pyright: ignore
chain: Any = ManagerAccessMixin.chain_manager  # pyright: ignore[reportFunctionMemberAccess]


def _keeper() -> Keeper:
    found = bot.state.keeper
    assert isinstance(found, Keeper)
    return found


def _provider() -> Any:
    networks: Any = ManagerAccessMixin.network_manager  # pyright: ignore[reportFunctionMemberAccess]
    return networks.provider


@bot.on_startup()
def start(state: StateSnapshot) -> None:
    """Check everything before the first block; what is wrong ends the bot here, with its name."""
    settings = load_settings()
    engine = engine_of(_provider())
    deployment = Deployment.load(record(settings))
    check_chain(engine, deployment)
    account: Any = bot.signer
    signer = Signer(str(account.address), signer_of(account))
    bot.state.keeper = build(settings, engine, deployment, signer, say=log.info)
    log.info("keeper started", market=deployment.address("Market"), account=signer.address)


@bot.on_startup()
async def beat(state: StateSnapshot) -> None:
    """Wake the loop now and then: a signal sets Silverback's event, which a loop that sleeps until the next
    block does not see."""

    async def go_on() -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)

    bot.state.beat = asyncio.create_task(go_on())  # which would be forgotten if nobody held it


@bot.on_(chain.blocks)
def on_block(block: Any) -> dict[str, int]:
    """One cycle per block; a block that comes during a cycle is part of the next one."""
    try:
        done = _keeper().cycle()
    except TandemError as error:
        log.error("cycle failed", error=error.message, hint=error.hint)  # noqa: TRY400
        return {"failed": 1}
    return {"actions": len(done)}


@bot.on_shutdown()
def stop() -> None:
    """What is signed is in the journal, and the next start looks after it. Whoever polls for blocks ends
    without a node; it would hold the process until the next one."""
    if isinstance(bot.state.keeper, Keeper):
        bot.state.keeper.close()
    _provider().disconnect()
    log.info("keeper stopped")
