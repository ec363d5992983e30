"""Hours of what `make test` does for minutes, with new seeds: `make soak HOURS=8`.

Round after round: the stateful laws as at night, so many markets of 100 steps on each venue and set of them,
then a search for plans that pay; each with a seed that is printed, so that what is found can be found again.
Ends with the round in which the time is over, or with the first law that breaks. A plan that pays does not
end it: the best is kept and printed.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import subprocess
import sys
import time
from pathlib import Path

from mutation.own_tests import WHOLE

ROOT = Path(__file__).resolve().parents[1]
LAWS = (  # what is drawn anew by each seed
    *("-m", "pytest", "-p", "no:ape_test", "-q", "-x", "-m", WHOLE),
    "tests/stateful/test_laws.py",
    "tests/stateful/test_laws_over_venues.py",
    "tests/unit/vault/test_vault_stateful.py",
)
PAID = re.compile(r"^\s*(-?[\d,]+\.\d\d) USD .*\| .*$", re.MULTILINE)


def round_of(seed: int, plans: int, markets: int) -> tuple[bool, list[str]]:
    """Whether the laws held, and the plans that paid. Raises SystemExit where the search broke off."""
    night = os.environ | {"TANDEM_NIGHTLY": "1", "TANDEM_NIGHT_MARKETS": str(markets)}
    laws = [sys.executable, *LAWS, f"--hypothesis-seed={seed}"]
    if subprocess.run(laws, cwd=ROOT, env=night, check=False).returncode != 0:
        return False, []
    search = [
        sys.executable,
        "tests/economy",
        "--plans",
        str(plans),
        "--seed",
        str(seed),
        "--show",
        "3",
    ]
    found = subprocess.run(search, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
    paid = [line[0].strip() for line in PAID.finditer(found.stdout)]
    if found.returncode != 0 and not paid:
        raise SystemExit(f"the search with seed {seed} broke off; what stopped it stands above")
    return True, paid


def main() -> int:
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--plans", type=int, default=2_000, help="of each round")
    parser.add_argument(
        "--markets", type=int, default=60, help="of each round, on each venue and set"
    )
    asked = parser.parse_args()
    until, rounds = time.monotonic() + 3_600 * asked.hours, 0
    best: list[str] = []
    while rounds == 0 or time.monotonic() < until:
        seed = secrets.randbelow(10**9)
        print(f"round {rounds + 1}, seed {seed}", flush=True)
        held, paid = round_of(seed, asked.plans, asked.markets)
        if not held:
            print(f"a law broke with seed {seed}")
            return 1
        rounds += 1
        best = sorted([*best, *paid], key=_dollars, reverse=True)[:10]
        print(*best, sep="\n", flush=True)
    print(f"{rounds} rounds, every law held")
    return 0


def _dollars(line: str) -> float:
    return float(line.split()[0].replace(",", ""))


if __name__ == "__main__":
    sys.exit(main())
