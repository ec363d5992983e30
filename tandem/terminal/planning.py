"""A deployment's plan, for people and for machines: `tandem deploy plan`, `ape run deploy --dry-run`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tandem.engine.base import LOCAL_CHAINS
from tandem.engine.remote import RemoteEngine
from tandem.protocol.access import Access, accesses
from tandem.protocol.costs import SPARE, Cost, costs, eth_price
from tandem.protocol.deploy import order
from tandem.protocol.holders import holders
from tandem.protocol.plan import plan
from tandem.protocol.recipe import Recipe
from tandem.protocol.rehearsal import rehearse
from tandem.protocol.steps import Step
from tandem.terminal.common import told
from tandem.units import WAD, ether

MARGIN = " " * 5
"""Where what belongs to a transaction begins, past its number."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The same, as JSON's data and as lines."""

    data: dict[str, Any]
    lines: tuple[str, ...]


def planned_all(engine: RemoteEngine, recipes: Sequence[Recipe], deployer: str) -> Shown:
    """Every market of a file, each from where the one before ends; of one alone its plan as it is."""
    first, shown = engine.nonce(deployer), list[Shown]()
    for recipe in recipes:
        shown.append(planned(engine, recipe, deployer, first, recipes))
        first += len(order(recipe.venue, recipe.asset))
    if len(shown) == 1:
        return shown[0]
    named = list(zip(recipes, shown, strict=True))
    needed, held = sum(each.data["needed"] for each in shown), engine.balance(deployer)
    lines = [line for recipe, each in named for line in (f"[{recipe.name}]", *each.lines, "")]
    lines.append(f"all {len(shown)} take up to {ether(needed)} ETH")
    markets = {recipe.market: each.data for recipe, each in named}
    return Shown({"needed": needed, "held": held, "markets": markets}, tuple(lines))


def planned(
    engine: RemoteEngine,
    recipe: Recipe,
    deployer: str,
    first: int | None = None,
    beside: Sequence[Recipe] = (),
) -> Shown:
    """Every transaction with what it costs, and who may do what then. first: the deployer's number to begin
    with, his next where it is None; beside: the file's markets, of which one may know ether's price. Raises
    ConfigError."""
    items = plan(engine, recipe, deployer, first)
    eth = eth_price(engine, (recipe, *beside))
    found = costs(engine, deployer, rehearse(engine, recipe, deployer, first), eth)
    total = Cost(
        sum(c.gas for c in found),
        sum(c.execution for c in found),
        sum(c.data for c in found),
        None if eth is None else sum(c.usd or 0.0 for c in found),
    )
    access, held = list(accesses(engine, recipe, deployer)), engine.balance(deployer)
    warnings = list(_warnings(engine, recipe, deployer))
    data = {
        "deployer": deployer,
        "chain_id": engine.chain_id,
        "contracts": [asdict(i) | asdict(c) for i, c in zip(items, found, strict=True)],
        "total": asdict(total),
        "needed": int(total.wei * SPARE),
        "held": held,
        "access": [asdict(each) for each in access],
        "warnings": warnings,
    }
    on = f"deployer {deployer} on chain {engine.chain_id}, from its transaction {items[0].nonce} on"
    head = [*told("", on), *(line for each in warnings for line in told(MARGIN, each))]
    return Shown(data, (*head, *_lines(items, found, total, held, access)))


def _warnings(engine: RemoteEngine, recipe: Recipe, deployer: str) -> Iterator[str]:
    """What a deployer should know, and may want."""
    if engine.chain_id not in LOCAL_CHAINS and engine.nonce(deployer):
        yield "the same addresses on every chain come from a deployer that has sent nothing yet"
    for found in holders(engine, recipe):
        if found.note:
            yield f"{found.name} {found.address}: {found.note}"


def _lines(
    items: Sequence[Step],
    found: Sequence[Cost],
    total: Cost,
    held: int,
    access: Sequence[Access],
) -> Iterator[str]:
    for item, cost in zip(items, found, strict=True):
        yield from told(f"{item.nonce:4} ", f"{item.name:14} {item.address} {_cost(cost)}")
        yield from told(MARGIN, _args(item.args))
    yield from told(f"{len(items):4} ", f"transactions {'':44} {_cost(total)}")
    needed = int(total.wei * SPARE)
    yield from told(MARGIN, f"it takes up to {ether(needed)} ETH; the deployer holds {ether(held)}")
    yield ""
    for a in access:
        yield from told(f"{a.role:10} ", f"{a.who} {a.kind:10} {a.may}")


def _cost(cost: Cost) -> str:
    eth = f"{cost.wei / WAD:.6f} ETH ({cost.data / WAD:.6f} for data)"
    usd = "" if cost.usd is None else f"  {cost.usd:8.2f} USD"
    return f"{cost.gas:>10,} gas  {eth}{usd}"


def _args(args: tuple[Any, ...]) -> str:
    return ", ".join(str(a) for a in args) or "(no arguments)"
