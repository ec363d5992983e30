"""docs/traceability.md: statement -> code -> tests -> lemma, written from what is there.

    trace_statements.py           fails where a statement has no test, or the page lags
    trace_statements.py --write   write the page

A statement's code is named here, by its series or by itself; its tests name it by their marker. A lemma
is a proof without numbers: under proofs, each names the statements that it is about.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from check_statements import PROTOCOL, ROOT, Test, read_tests, statements_in

PAGE = "docs/traceability.md"
LEMMAS = "proofs"

# Where the rules of each series of statements stand. A statement of its own place names it first.
ROOMS: Mapping[str, tuple[str, ...]] = {
    "UN": ("lib/series.vy", "lib/fixed_point.vy"),
    "MP": ("Market.vy", "modules/trades.vy"),
    "HG": ("lib/hedging.vy", "modules/hedges.vy", "lib/band.vy"),
    "BK": ("modules/book.vy", "lib/nodes.vy", "lib/book_words.vy"),
    "FL": ("modules/trades.vy", "lib/payoffs.vy", "lib/book_totals.vy"),
    "PR": ("lib/pricing.vy", "lib/normal.vy", "modules/fees.vy"),
    "SF": ("VolSurface.vy", "lib/arbitrage.vy", "lib/density.vy", "modules/slice_limits.vy"),
    "SH": ("modules/nav.vy", "modules/exits.vy", "modules/epochs.vy"),
    "ST": ("modules/expiries.vy", "oracles/ChainlinkSpot.vy"),
    "AV": ("modules/trades.vy", "Vault.vy", "oracles/ChainlinkSpot.vy"),
    "LM": (
        "venues/AaveVenue.vy",
        "venues/aave_lender.vy",
        "venues/morpho_account.vy",
        "venues/morpho_lender.vy",
        "venues/uniswap_spot.vy",
    ),
    "VS": ("VenueSet.vy", "lib/split.vy"),
    "PW": ("Guardian.vy", "modules/roles.vy", "modules/timelock.vy"),
}
OWN: Mapping[str, tuple[str, ...]] = {
    "HG-1": ("modules/hedges.vy",),
    "HG-2": ("modules/hedges.vy",),
    "HG-3": ("lib/hedging.vy",),
    "HG-8": ("lib/band.vy",),
    "HG-9": ("Market.vy",),
    "HG-12": ("MarginDesk.vy",),
    "HG-13": ("modules/lending.vy",),
    "HG-14": ("Bounty.vy", "lib/crossings.vy", "oracles/EtherSpot.vy"),
    "HG-20": ("MarginDesk.vy",),
    "HG-21": ("HedgeRouter.vy",),
    "GT-1": ("lib/losses.vy", "modules/jump_gate.vy"),
    "GT-2": ("StressTest.vy", "lib/stress.vy"),
    "GT-3": ("Underwriter.vy", "lib/losses.vy"),
    "GT-4": ("HedgeRouter.vy", "modules/jump_gate.vy"),
    "GT-5": ("modules/hedges.vy", "HedgeRouter.vy"),
    "GT-6": ("HedgeRouter.vy", "modules/jump_gate.vy"),
    "BR-1": ("Breaker.vy",),
    "BR-2": ("Breaker.vy", "Guardian.vy"),
    "BR-3": ("lib/terms.vy", "Breaker.vy"),
    "BR-4": ("modules/jump_gate.vy",),
    "BR-5": ("Breaker.vy",),
    "BR-6": ("StressTest.vy",),
    "MP-11": ("lib/payoffs.vy", "modules/trades.vy"),
    "MP-12": ("Lens.vy", "modules/trades.vy"),
    "BK-3": ("lib/payoffs.vy",),
    "BK-4": ("OptionToken.vy", "modules/book.vy"),
    "FL-3": ("lib/payoffs.vy",),
    "FL-4": ("modules/lending.vy",),
    "FL-5": ("modules/nav.vy",),
    "FL-10": ("MarginDesk.vy", "modules/lending.vy"),
    "FL-8": ("modules/money.vy", "venues/CurieVenue.vy", "venues/lent_account.vy"),
    "HG-22": (
        "venues/AaveVenue.vy",
        "venues/morpho_account.vy",
        "venues/CurieVenue.vy",
        "HedgeRouter.vy",
    ),
    "LM-10": (
        *("venues/uniswap_spot.vy", "venues/aave_lender.vy", "venues/morpho_lender.vy"),
        "modules/hedges.vy",
    ),
    "HG-23": ("HedgeRouter.vy",),
    "SF-7": ("VolSurface.vy", "Lens.vy"),
    "VS-5": ("VenueSet.vy", "Guardian.vy", "Lens.vy"),
    "VS-6": ("MarginDesk.vy", "HedgeRouter.vy"),
    "VS-11": ("VenueLens.vy",),
    "VS-8": ("VenueSet.vy", "Splitter.vy", "lib/believed.vy"),
    "LM-2": ("venues/lent_account.vy", "venues/AaveVenue.vy", "venues/morpho_account.vy"),
    "LM-3": (
        "venues/AaveReach.vy",
        "venues/aave_rooms.vy",
        "venues/morpho_views.vy",
        "venues/morpho_reach.vy",
        "venues/uniswap_reach.vy",
    ),
    "LM-6": ("venues/lent_account.vy", "venues/AaveVenue.vy"),
    "LM-7": ("venues/morpho_account.vy", "venues/morpho_lender.vy", "venues/morpho_reach.vy"),
    "LM-8": ("venues/morpho_account.vy", "venues/morpho_lender.vy"),
    "LM-9": ("venues/V4Pool.vy", "venues/MorphoV4Venue.vy", "venues/uniswap_spot.vy"),
    "PR-5": ("lib/pricing.vy", "lib/surface.vy"),
    "SH-5": ("modules/valuation.vy",),
    "SH-6": ("modules/shares.vy", "Vault.vy"),
    "SH-7": ("venues/CurieVenue.vy", "Lens.vy"),
    "ST-3": ("modules/expiries.vy", "OptionToken.vy"),
    "ST-7": ("Guardian.vy",),
    "AV-2": ("oracles/ChainlinkSpot.vy",),
}

HEAD = """\
# From each statement to its code, its tests and its proof

Written by `python scripts/trace_statements.py --write`; `make lint` fails where a statement of
[protocol.md](protocol.md) has no test here, where a file is gone, or where the page lags. A law is a
rule or an invariant of the stateful machine. A lemma is a proof over all numbers, not examples.

| statement | code | tests | lemma |
|---|---|---|---|
"""


def code_of(id: str) -> tuple[str, ...]:
    return OWN.get(id, ROOMS.get(id.partition("-")[0], ()))


def _links(files: Iterable[str], root: str = "..") -> str:
    named = [f"[{Path(f).stem.removeprefix('test_')}]({root}/{f})" for f in files]
    return ", ".join(named) or "–"


def row(id: str, tests: list[Test], lemmas: Mapping[str, tuple[str, ...]]) -> str:
    """One line of the page."""
    mine = [t for t in tests if id in t.statements and not t.void]
    laws = sorted({t.file for t in mine if t.is_law})
    plain = sorted({t.file for t in mine if not t.is_law})
    count = f" ({len(mine)})" if len(mine) > 1 else ""
    shown = _links([*plain, *laws]) + count
    proofs = ", ".join(f"[{name}](solvency.md)" for name, about in lemmas.items() if id in about)
    code = ", ".join(f"[{Path(f).name}](../contracts/{f})" for f in code_of(id)) or "–"
    return f"| {id} | {code} | {shown} | {proofs or '–'} |"


def lemmas_in(text: str) -> dict[str, tuple[str, ...]]:
    """Lemma -> the statements that it is about, as its decorator says."""
    found: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "lemma":
            about = next(k.value for k in node.keywords if k.arg == "proves")
            found[ast.literal_eval(node.args[0])] = ast.literal_eval(about)
    return found


def page(protocol: str, tests: list[Test], lemmas: Mapping[str, tuple[str, ...]]) -> str:
    """docs/traceability.md as it should read."""
    stated = [id for id, planned in statements_in(protocol).items() if not planned]
    return HEAD + "".join(f"{row(id, tests, lemmas)}\n" for id in stated)


def findings(protocol: str, tests: list[Test], written: str, wanted: str) -> list[str]:
    """What is wrong, one line each."""
    proved = {id for t in tests if not t.void for id in t.statements}
    wrong: list[str] = []
    for id, planned in statements_in(protocol).items():
        if planned:
            continue
        if id not in proved:
            wrong.append(f"{PAGE}: {id} has no test")
        if not code_of(id):
            wrong.append(f"scripts/trace_statements.py: nobody says where {id} stands")
        wrong += [
            f"scripts/trace_statements.py: {id} stands in contracts/{f}, which is gone"
            for f in code_of(id)
            if not (ROOT / "contracts" / f).is_file()
        ]
    if written != wanted:
        wrong.append(f"{PAGE}: lags behind the tests: run make generate")
    return wrong


def main(arguments: list[str]) -> int:
    protocol = (ROOT / PROTOCOL).read_text()
    files = {
        str(p.relative_to(ROOT)): p.read_text() for p in sorted((ROOT / "tests").rglob("*.py"))
    }
    tests = [t for file, text in files.items() for t in read_tests(text, file)]
    stated = [lemmas_in(p.read_text()) for p in sorted((ROOT / LEMMAS).glob("*.py"))]
    proved = {name: about for part in stated for name, about in part.items()}
    lemmas = dict(sorted(proved.items(), key=lambda item: int(item[0].partition("-")[2])))
    wanted = page(protocol, tests, lemmas)
    target = ROOT / PAGE
    if arguments == ["--write"]:
        target.write_text(wanted)
        return 0
    found = findings(protocol, tests, target.read_text() if target.exists() else "", wanted)
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
