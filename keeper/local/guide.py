"""What `tandem up` tells a newcomer: what stands where, and commands that work when pasted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from keeper.local.market import LocalMarket
from tandem.settings import Connection


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a market. page: its address, "" where it was not built; metrics: the keeper's port."""

    journal: Path
    page: str
    metrics: str = ""


def commands(market: LocalMarket) -> list[tuple[str, str]]:
    """(command, what it shows), in the order in which to try them."""
    name = str(market.series())
    return [
        ("tandem chain", "every series that can be opened now"),
        (f"tandem quote {name} 1", "what one costs, and what it is made of"),
        (f"tandem mint {name} 1 --yes", "buy it, with its hedge in the same transaction"),
        ("tandem positions", "what you hold"),
        ("tandem risk", "what the vault holds against it"),
        (f"tandem close {name} 1 --yes", "sell it back"),
    ]


def environment(market: LocalMarket, file: Path) -> dict[str, str]:
    """Variables to set in the shell beside, where the defaults do not lead here."""
    defaults = Connection.model_fields
    needed: dict[str, str] = {}
    if market.node.url != defaults["rpc"].default:
        needed["TANDEM_RPC"] = market.node.url
    if file.resolve() != Path(str(defaults["deployment"].default)).resolve():
        needed["TANDEM_DEPLOYMENT"] = str(file.resolve())
    return needed


def facts(market: LocalMarket, file: Path, beside: Beside) -> dict[str, Any]:
    """The same for programs."""
    return {
        "ready": True,
        "rpc": market.node.url,
        "chain_id": market.deployment.chain_id,
        "deployment": str(file.resolve()),
        "market": market.deployment.address("Market"),
        "spot": market.spot,
        "page": beside.page or None,
        "metrics": beside.metrics or None,
        "journal": str(beside.journal),
        "environment": environment(market, file),
        "commands": [command for command, _ in commands(market)],
    }


WALLET = "  A wallet needs this chain and a test account's key: docs/guide/browser.md has both."


def text(market: LocalMarket, file: Path, beside: Beside) -> list[str]:
    """Lines for people."""
    where = f"Trade in a browser: {beside.page}"
    if not beside.page:
        where = "`make app` builds a page to trade on."
    listed = commands(market)
    width = max(len(command) for command, _ in listed)
    exports = [f"  export {k}={quote(v)}" for k, v in environment(market, file).items()]
    return [
        f"A market is open on {market.node.url} (chain {market.deployment.chain_id}).",
        f"ETH is at {market.spot:,.2f} USD; {market.speed:g} s of its time pass each second.",
        where,
        *([WALLET] if beside.page else []),
        "",
        "Or in another terminal, in this folder:",
        "  source .venv/bin/activate",
        *exports,
        *(f"  {command.ljust(width)}  # {what}" for command, what in listed),
        "",
        "The keeper's journal is there too:",
        f"  tandem journal --file {quote(str(beside.journal))}",
        "",
        "You trade as one of the node's public test accounts, with test money. Ctrl-C ends everything.",
    ]
