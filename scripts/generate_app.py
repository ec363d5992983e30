"""Write app/src/abi: what the page knows of the contracts, of their refusals and of their parameters.

    python -m scripts.generate_app            # write (make generate)
    python -m scripts.generate_app --check    # exit with 1 where a file is stale

ABIs are as the compiler gives them, with the names of structs' fields; refusals come from the table that
the commands print, so that page and command line say the same.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from keeper.report.causes import CAUSES, ENTRIES_MEANING
from keeper.report.reading import OTHERS, TRADES
from scripts import word_layouts
from scripts.generated import stale, write
from tandem import venues
from tandem.client import gate, liquidity, room
from tandem.client.breaker import REASONS as REASONS_OF_BREAKER
from tandem.engine.bound import Log
from tandem.model import jumps
from tandem.protocol import announced, attestation, deal, rounds, waits
from tandem.protocol.bindings import vault
from tandem.protocol.happenings import HAPPENINGS, KINDS, Happening
from tandem.protocol.reasons import REASONS
from tandem.protocol.surface_signing import MAX_LOW_S
from tandem.protocol.terms import FIELDS
from tandem.venues._several import SET

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "app" / "src" / "abi"
MARK = "// Generated from the sources by `make generate`: do not edit."
SOURCES = {
    "market": "Market.vy",
    "lens": "Lens.vy",
    "surface": "VolSurface.vy",
    "vault": "Vault.vy",
    "router": "HedgeRouter.vy",
    "desk": "MarginDesk.vy",
    "guardian": "Guardian.vy",
    "option": "OptionToken.vy",
    "spot": "oracles/ChainlinkSpot.vy",
    "stress": "StressTest.vy",
    "venueLens": "VenueLens.vy",
    "venueSet": "VenueSet.vy",
    "venue": "interfaces/IHedgeVenue.vyi",
    "feed": "mocks/PriceFeed.vy",
    "token": "mocks/USDC.vy",
}
PARTS = ("function", "event")
EXACT: Mapping[str, int | Sequence[int]] = {
    "LEAST_TRADE": room.LEAST, "POINTS": room.POINTS,
    "EPOCHS": waits.EPOCHS, "PROCESS_GAS": waits.PROCESS_GAS,
    "VENUE_GAS": deal.VENUE_GAS, "TRIED_GAS": deal.TRIED_GAS, "VIEW_GAS": deal.VIEW_GAS,
    "UNBOUNDED": deal.UNBOUNDED, "MET": deal.MET,
    "PHASE_SHIFT": rounds.PHASE_SHIFT, "HINT_SHIFT": rounds.HINT_SHIFT, "SECOND_FEED": rounds.SECOND_FEED,
    "PROPOSAL": rounds.PROPOSAL, "NUMBER_MASK": rounds.NUMBER_MASK, "MOST_PHASES": rounds.MOST_PHASES,
    "MOST_GAPS": rounds.MOST_GAPS, "JUMPS": gate.JUMPS, "DRIFT": gate.DRIFT,
    "SLIPPAGE_BPS": liquidity.SLIPPAGE_BPS,
}  # fmt: skip
"""What the page has in common with the library, as bigint."""
PLAIN: Mapping[str, float | str] = {
    "WAIT_SECONDS": waits.WAIT_SECONDS, "RELIEF_SECONDS": waits.RELIEF_SECONDS, "ROUNDS": room.ROUNDS,
    "VALIDITY": announced.VALIDITY,
    "SOLD_VOL": jumps.SOLD_VOL, "BOUGHT_VOL": jumps.BOUGHT_VOL,
    "OFF_ORACLE": deal.OFF_ORACLE, "OVER_CAP": room.OVER_CAP,
}  # fmt: skip
"""And as numbers and words."""
SIGNED: Mapping[str, Any] = {
    "KIND": attestation.KIND, "VERSION": attestation.VERSION, "DOMAIN": attestation.DOMAIN,
    "LARGEST": attestation.LARGEST, "MOST": attestation.MOST, "SIGNED": attestation.SIGNED,
}  # fmt: skip
"""What an attestation is made of."""


def _plain(part: Any) -> Any:
    """An entry without what the page has no use for: empty lists of parts, inner types of the compiler."""
    if isinstance(part, Mapping):
        return {k: _plain(v) for k, v in part.items() if k not in ("internalType", "gas")}
    return [_plain(each) for each in part] if isinstance(part, list) else part


def _abi(path: Path) -> list[Any]:
    interface = word_layouts.module(path)._metadata["type"].interface  # noqa: SLF001
    entries = interface.to_toplevel_abi_dict()
    kept = [_plain(entry) for entry in entries if entry["type"] in PARTS]
    return sorted(kept, key=lambda entry: (entry["type"], entry["name"], len(entry["inputs"])))


def _constant(name: str, value: Any, kind: str = " as const") -> str:
    return f"{MARK}\nexport const {name} = {json.dumps(value, indent=1)}{kind};\n"


def _event(log: type[Log]) -> dict[str, Any]:
    """As the page decodes it."""
    indexed, plain = log.TYPE.indexed, log.TYPE.plain
    inputs = [{"name": n, "type": k, "indexed": True} for n, k in indexed]
    inputs += [{"name": n, "type": k, "indexed": False} for n, k in plain]
    return {"type": "event", "name": log.TYPE.name, "inputs": inputs}


def _happenings() -> str:
    """The events of a market's past: contract, kind, topic, whom they name, and their ABI."""
    kinds = f"export const KINDS = {json.dumps(KINDS)} as const;\n"
    return _constant("HAPPENINGS", _listed(HAPPENINGS)) + kinds


def _listed(happenings: Sequence[Happening]) -> list[dict[str, Any]]:
    return [
        {"contract": each.contract, "kind": each.kind, "topic": each.topic, "people": each.people,
         "event": _event(each.log)}
        for each in happenings
    ]  # fmt: skip


def _constants(values: Mapping[str, Any]) -> str:
    lines = [
        f"export const {name} = {json.dumps(value)} as const;" for name, value in values.items()
    ]
    return "\n".join([MARK, *lines, ""])


def _exact(values: Mapping[str, int | Sequence[int]]) -> str:
    def text(value: int | Sequence[int]) -> str:
        return (
            f"{value}n" if isinstance(value, int) else f"[{', '.join(map(text, value))}] as const"
        )

    return "".join(f"export const {name} = {text(value)};\n" for name, value in values.items())


MOVED = [Happening("Vault", "margin", log, ()) for log in (vault.Lent, vault.Restored)]
"""What a report reads besides: money between Vault and venue, of which History tells the order alone."""


def _causes() -> str:
    """The causes of a report, what they mean, and the events that it reads."""
    reads = (*TRADES, *OTHERS)
    names = {log.TYPE.name for log in reads}
    found = [each.log for each in (*HAPPENINGS, *MOVED) if each.log.TYPE.name in names]
    if sorted(found, key=id) != sorted(reads, key=id):
        raise ValueError("the names of what a report reads are not those of its events alone")
    text = _constant("CAUSES", dict(CAUSES))
    text += f"export const ENTRIES = {json.dumps(ENTRIES_MEANING)};\n"
    text += f"export const CAUSE_NAMES = {json.dumps([log.TYPE.name for log in reads])} as const;\n"
    return text + f"export const MOVED = {json.dumps(_listed(MOVED), indent=1)} as const;\n"


CONSTANT = re.compile(r"^([A-Z_]+): public\(constant\(uint256\)\) = (\d+)", re.MULTILINE)


def _by_value(source: str) -> dict[int, str]:
    """A contract's public whole constants, the least first: value -> name."""
    found = CONSTANT.findall((ROOT / "contracts" / source).read_text())
    return dict(sorted((int(value), name) for name, value in found))


def _names() -> str:
    """What the Guardian's roles and the breaker's bits are called: `ROLES` by number, and in the words that
    commands print `REASONS` by bit. Raises ValueError where a bit has none."""
    named = [name.lower() for name in _by_value("modules/roles.vy").values()]
    bits = _by_value("Breaker.vy")
    if list(bits) != [1 << bit for bit in range(len(REASONS_OF_BREAKER))]:
        raise ValueError(f"tandem/client/breaker.py has no word for each of {bits}")
    stops = f"export const REASONS = {json.dumps(list(REASONS_OF_BREAKER))} as const;\n"
    return _constant("ROLES", named) + stops


def _words() -> str:
    """Where numbers stand in the words that the page takes apart."""
    return _constants({
        "SLICE_WORD": word_layouts.slice_word(),
        "GATE_WORD": word_layouts.gate_word(),
        "LOSSES_WORD": word_layouts.losses(),
    })  # fmt: skip


@cache
def files() -> dict[str, str]:
    """Each file's text by its name, from the sources as they are."""
    texts = {
        f"{name}.ts": _constant(f"{name}Abi", _abi(ROOT / "contracts" / source))
        for name, source in SOURCES.items()
    }
    fields = {
        name: {
            "index": f.index,
            "low": f.low,
            "high": f.high,
            "default": f.default,
            "meaning": f.meaning,
        }
        for name, f in FIELDS.items()
    }
    texts["happenings.ts"] = _happenings()
    adapters = {name: venues.recipe(name).adapter for name in venues.names()}
    texts["venues.ts"] = _constants(
        {"ADAPTERS": adapters, "SEPARATOR": venues.SEPARATOR, "SET": SET}
    )
    texts["constants.ts"] = _constants(PLAIN) + _exact(EXACT)
    texts["attestation.ts"] = _constants(SIGNED) + _exact({"MAX_LOW_S": MAX_LOW_S})
    texts["causes.ts"] = _causes()
    texts["names.ts"] = _names()
    texts["words.ts"] = _words()
    texts["terms.ts"] = _constant("TERMS", fields)
    known = dict(REASONS)
    for venue in venues.names():
        known = {**venues.recipe(venue).reasons, **known}
    words = {reason: list(said) for reason, said in sorted(known.items())}
    texts["refusals.ts"] = _constant("REFUSALS", words, " as Record<string, [string, string]>")
    return texts


def main(arguments: Sequence[str], out: Path = OUT) -> int:
    texts = files()
    names = stale(texts, out.glob("*.ts"))
    if "--check" in arguments:
        for name in names:
            print(f"app/src/abi/{name} is stale: run `make generate`")
        return int(bool(names))
    write(texts, names, out)
    print(f"{len(texts)} files of the page, {len(names)} of them changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
