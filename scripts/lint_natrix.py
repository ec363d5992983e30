"""Run natrix over the contracts, less what was looked at and is meant.

    python scripts/lint_natrix.py contracts

natrix knows no exceptions in the source. They stand here, each with its reason, and one that no
longer applies is itself a finding. Rules that are off altogether are in pyproject.toml.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORKERS = 2

# (file, rule, function) or (file, rule, "*"), and why it stays.
EXCEPTIONS = {
    ("Vault.vy", "NTX5", "share"): "ERC-7575 declares a view",
    ("Vault.vy", "NTX5", "previewRedeem"): "ERC-4626 declares a view; ERC-7540 makes it revert",
    ("Vault.vy", "NTX5", "previewWithdraw"): "ERC-4626 declares a view; ERC-7540 makes it revert",
    ("Vault.vy", "NTX10", "previewRedeem"): "ERC-4626 gives the argument",
    ("Vault.vy", "NTX10", "previewWithdraw"): "ERC-4626 gives the argument",
    (
        "VolSurface.vy",
        "NTX5",
        "domain_separator",
    ): "reads the chain id, which natrix does not count",
    ("AaveVenue.vy", "NTX10", "uniswapV3SwapCallback"): "the pool gives the argument",
    ("CurieVenue.vy", "NTX10", "bounds"): "the interface gives the argument",
    ("OptionToken.vy", "NTX10", "decimals"): "ERC-6909 gives the argument",
    ("Risk.vy", "NTX1", "prices"): "64 options in one view, called by auditors off chain",
    ("Lens.vy", "NTX8", "*"): "a view that refuses by itself must return something",
    ("Lens.vy", "NTX1", "*"): "views for people and the keeper, called off chain",
    ("expiries.vy", "natrix", ""): "uses two modules; natrix 0.1.9 reads one that uses one",
    ("lending.vy", "natrix", ""): "uses two modules; natrix 0.1.9 reads one that uses one",
    ("morpho_account.vy", "natrix", ""): "uses two modules; natrix 0.1.9 reads one that uses one",
    ("morpho_views.vy", "natrix", ""): "uses two modules; natrix 0.1.9 reads one that uses one",
    ("valuation.vy", "natrix", ""): "uses two modules; natrix 0.1.9 reads one that uses one",
}


@dataclass(frozen=True, slots=True)
class Issue:
    file: str
    line: int
    rule: str
    function: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule} {self.message}"


def parse(answer: str) -> list[Issue]:
    """natrix's JSON, which has nothing at all in it when nothing was found."""
    rows: list[dict[str, Any]] = json.loads(answer) if answer.strip().startswith("[") else []
    issues: list[Issue] = []
    for row in rows:
        named = re.search(r"Function '([^']+)'", row["message"])
        function = named[1] if named else ""
        line = row["start_position"][0]
        issues.append(Issue(row["file"], line, row["code"], function, row["message"]))
    return issues


def judge(
    issues: Iterable[Issue], files: Iterable[Path], exceptions: Iterable[tuple[str, str, str]]
) -> list[str]:
    """What to report: issues that nothing excuses, and excuses that nothing needs."""
    known, used = set(exceptions), set[tuple[str, str, str]]()
    found: list[str] = []
    for issue in issues:
        name = Path(issue.file).name
        keys = {(name, issue.rule, issue.function), (name, issue.rule, "*")} & known
        used |= keys
        if not keys:
            found.append(str(issue))
    names = {file.name for file in files}
    stale = sorted(key for key in known - used if key[0] in names)
    return found + [f"{Path(__file__).name}: {' '.join(key)} excuses nothing now" for key in stale]


def run(file: Path) -> list[Issue]:
    done = subprocess.run(
        ["natrix", "lint", "--json", str(file)], capture_output=True, text=True, check=False
    )
    issues = parse(done.stdout)
    if done.returncode and not issues:
        said = (done.stderr or done.stdout).strip().splitlines() or ["nothing"]
        cause = next((line for line in said if "vyper.exceptions" in line), said[-1])
        return [Issue(str(file), 1, "natrix", "", f"could not read the file: {cause.strip()}")]
    return issues


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0] if arguments else "contracts")
    files = sorted(file for file in folder.rglob("*.vy") if "mocks" not in file.parts)
    with ThreadPoolExecutor(WORKERS) as pool:
        issues = [issue for found in pool.map(run, files) for issue in found]
    findings = judge(issues, files, EXCEPTIONS)
    for finding in findings:
        print(finding)
    return 1 if findings or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
