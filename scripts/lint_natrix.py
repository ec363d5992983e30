"""Run natrix over the contracts, less what was looked at and is meant.

    python scripts/lint_natrix.py contracts

natrix knows no exceptions in the source. They stand here, each with its reason, and one that no
longer applies is itself a finding. Rules that are off altogether are in pyproject.toml.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import natrix
from natrix import ast_tools
from vyper.cli.vyper_compile import get_search_paths
from vyper.compiler import OUTPUT_FORMATS
from vyper.compiler.input_bundle import FileInput, FilesystemInputBundle
from vyper.compiler.phases import CompilerData
from vyper.compiler.settings import anchor_settings
from vyper.exceptions import VyperException

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


def compiled(file: str, form: str, extra_paths: Iterable[str] = ()) -> Any:
    """What the compiler says of a file: natrix starts it anew for each of two forms, which for ninety files
    takes twice as long.

    Raises:
        RuntimeError: what the compiler refuses, in the words by which natrix knows a module that it need
            not see whole.
    """
    try:
        data = _data(file, tuple(extra_paths))
        with anchor_settings(data.settings):
            return json.loads(json.dumps(OUTPUT_FORMATS[_FORMS[form]](data)))
    except VyperException as error:
        kind = type(error)
        raise RuntimeError(f"{kind.__module__}.{kind.__name__}: {error}") from error


_FORMS = {"annotated_ast": "annotated_ast_dict", "metadata": "metadata"}


@lru_cache(1)
def _data(file: str, paths: tuple[str, ...]) -> CompilerData:
    inputs = FilesystemInputBundle(get_search_paths(list(paths)))
    found = inputs.load_file(Path(file))
    assert isinstance(found, FileInput)
    return CompilerData(found, inputs)


def run(file: Path) -> list[Issue]:
    """natrix as its command line, in this process."""
    said = StringIO()
    argv = ["natrix", "lint", "--json", str(file)]
    with redirect_stdout(said), patch.object(sys, "argv", argv), patch.object(
        ast_tools, "vyper_compile", compiled
    ):  # fmt: skip
        try:
            natrix.main()
        except SystemExit:
            return parse(said.getvalue())
        except Exception as error:
            return [Issue(str(file), 1, "natrix", "", f"could not read the file: {error}")]
    return parse(said.getvalue())


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0] if arguments else "contracts")
    files = sorted(file for file in folder.rglob("*.vy") if "mocks" not in file.parts)
    with ProcessPoolExecutor(WORKERS) as pool:
        issues = [issue for found in pool.map(run, files) for issue in found]
    findings = judge(issues, files, EXCEPTIONS)
    for finding in findings:
        print(finding)
    return 1 if findings or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
