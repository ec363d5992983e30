"""Which way of each decision of the contracts no test goes: `make branches`.

    branches.py tests/unit              run these tests on contracts that tell, print the table
    branches.py tests/unit --write      and bring docs/branches.md up to date

A decision is the condition of an `if`, an `assert` or a conditional expression; it has two ways. In a
copy of the checkout each condition is asked through a function that reads the balance of an address which
stands for it and for what it said. An address that was read stays in the chain's cache of accounts, also
where a call reverted or was a view, so that at the end the cache tells which ways were gone. Gas and sizes
are others in the copy: tests that measure them fail there, which is no matter.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from branching.decisions import Decision, instrumented
from branching.report import GOAL, Ways, write_page
from mutation.sandbox import make_sandbox

ROOT = Path(__file__).resolve().parents[1]
COPY = ROOT / ".cache" / "branches"
PURE, VIEW = "@pure\n", "@view\n"  # what tells reads a balance
PASSED_OVER = ("mocks/", "interfaces/")


def prepare() -> list[Decision]:
    """The copy with contracts that tell, and what they can tell."""
    make_sandbox(ROOT, COPY)
    (COPY / ".cache" / "artifacts").unlink()  # the checkout's, which has no use for these
    (COPY / ".cache" / "artifacts").mkdir()
    for path in COPY.rglob("tests/**/*.vy"):
        path.write_text(path.read_text().replace(PURE, VIEW))
    contracts = COPY / "contracts"
    found: list[Decision] = []
    for path in sorted(contracts.rglob("*.vy*")):
        file = str(path.relative_to(contracts))
        text = path.read_text().replace(PURE, VIEW)
        if path.suffix == ".vy" and not file.startswith(PASSED_OVER):
            text, more = instrumented(file, text, len(found))
            found += more
        path.write_text(text)
    return found


def run_tests(folders: list[str], jobs: int) -> set[int]:
    """The numbers that the tests' chains have seen: twice a decision's, and one more where it held."""
    seen = COPY / "seen"
    seen.mkdir()
    environment = os.environ | {
        "PYTHONPATH": f"{COPY}{os.pathsep}{COPY / 'scripts'}", "BRANCHES_SEEN": str(seen),
        "PYTHONHASHSEED": "0",
    }  # fmt: skip
    quiet = ["-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "no:ape_test"]
    spread = ["-n", str(jobs), "--dist", "loadfile"] if jobs > 1 else []
    command = [sys.executable, "-m", "pytest", "-p", "branching.plugin", *quiet, *spread, *folders]
    subprocess.run(command, cwd=COPY, env=environment, check=False)
    return {n for file in seen.glob("*.json") for n in json.loads(file.read_text())}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("tests", nargs="*", default=["tests/unit"])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="bring docs/branches.md up to date")
    asked = parser.parse_args()
    decisions = prepare()
    seen = run_tests(asked.tests, asked.jobs)
    ways = Ways.of(decisions, seen, ROOT)
    print(*ways.lines(), sep="\n")
    if asked.write:
        write_page(ROOT, ways)
    return 0 if ways.share >= GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main())
