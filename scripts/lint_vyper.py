"""Lint the contracts for what the compiler allows and this project does not.

    python scripts/lint_vyper.py contracts

Each ban answers a way in which contracts were lost or in which the compiler was wrong: calls that
succeed on an address without code, calls handed out inside a loop that a user sizes, two effects
whose order is not written down, errors that nobody can tell apart. Contracts in a folder `mocks`
are test doubles and attackers: only the pragmas bind them. Longer than 300 lines: what is allowed stands
beside what is banned, each with its reason.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vyper.ast import nodes as vy
from vyper.ast.parse import parse_to_ast
from vyper.exceptions import VyperException

VERSION = "0.4.3"
EVM = "cancun"
REASON = re.compile(r"[a-z][a-z0-9_]*: \S.*")
REASON_BYTES = 32
# Where an import may start without dots: the language's own packages and the one library.
ROOTS = ("ethereum", "snekmate", "math")

BANNED_NAMES = {
    "tx.origin": "it says who pays, not who asks",
    "block.number": "on Arbitrum it is the L1's: time is in seconds",
    "block.prevrandao": "rollups have none",
}
BANNED_CALLS = {
    "raw_call": "an address without code answers True; call through an interface",
    "raw_create": "nothing is created from raw bytes",
    "raw_log": "declare the event in an interface",
    "raw_revert": "revert with a reason",
    "selfdestruct": "contracts stay",
    "send": "no ether is moved",
    "slice": "no slicing of bytes a caller may choose",
    "concat": "no concatenation of bytes a caller may choose",
    "extract32": "no reading out of bytes a caller may choose",
    "abi_decode": "no decoding of bytes a caller may choose",
    "_abi_decode": "no decoding of bytes a caller may choose",
    "sqrt": "use the roots of lib/fixed_point, which are tested against a reference",
    "isqrt": "use the roots of lib/fixed_point, which are tested against a reference",
}
# What was looked at and found harmless: file and construct, and why.
ALLOWED = {
    (
        "OptionToken.vy",
        "concat",
    ): "the words of a series, made from its own numbers and its asset's name",
    ("VolSurface.vy", "concat"): "EIP-712: a prefix and two hashes, all of fixed length",
    ("feed_rounds.vy", "raw_call"): "no code answers no words; a fixed amount of gas must be there",
    (
        "feed_rounds.vy",
        "abi_decode",
    ): "five full words, whose length was checked: nothing to refuse",
    ("Vault.vy", "raw_call"): "max* may not revert, the Lens's mark may; its length is checked",
    (
        "Bounty.vy",
        "raw_call",
    ): "whoever does not answer with one word adds nothing, to what is bounded",
    (
        "morpho_lender.vy",
        "raw_call",
    ): "max_order may not revert and an oracle may; the lender, which has code, may keep a gift",
    (
        "aave_lender.vy",
        "raw_call",
    ): "the market, which has code, may refuse: what it takes not lies idle, a gift stays",
    ("V4Pool.vy", "abi_decode"): "its own words, which the manager gives back to nobody else",
    ("Vault.vy", "abi_decode"): "the same answer, of our own Lens and of that length",
    (
        "Splitter.vy",
        "raw_call",
    ): "a venue that answers nothing takes no part; a fixed amount of gas must be there",
    (
        "Lens.vy",
        "raw_call",
    ): "the desk: a venue that says nothing of its account hides nothing else",
    ("Lens.vy", "abi_decode"): "the same answer, of our own desk",
    ("AaveReach.vy", "raw_call"): "its own adapter, which has code: it reverts where a price lacks",
    ("aave_rooms.vy", "raw_call"): "the lender, which has code: it reverts where it has no price",
    ("VenueLens.vy", "raw_call"): "itself: a venue that reverts hides none of the others",
    ("VenueLens.vy", "abi_decode"): "its own words, of that length",
    ("Splitter.vy", "slice"): "full words, whose number was checked: nothing to refuse",
    ("Splitter.vy", "abi_decode"): "the same words; what they say is bounded (lib/believed.vy)",
    (
        "MarginDesk.vy",
        "raw_call",
    ): "our own router: a market that takes no margin lets it be lowered",
    ("HedgeRouter.vy", "raw_call"): "our own set, which has code: what does not fit is split anew",
    ("HedgeRouter.vy", "abi_decode"): "the same answer, of our own set",
    ("Breaker.vy", "raw_call"): "itself: a Vault that cannot be marked now counts as it was known",
    ("VolSurface.vy", "unsafe_add"): "fields of 16 and 32 bits, read eight times in every trade",
    ("VolSurface.vy", "unsafe_mul"): "a day's number of 16 bits, likewise",
    ("Risk.vy", "unsafe_add"): "the kernel's own loops: ranges beside each sum, fuzzed to the ends",
    ("Risk.vy", "unsafe_sub"): "the kernel's own loops: cursors inside a length checked before",
}
CREATORS = ("create_minimal_proxy_to", "create_copy_of", "create_from_blueprint")
SIMPLE_STATEMENTS = (
    vy.Expr, vy.Assign, vy.AnnAssign, vy.AugAssign, vy.Assert, vy.Raise, vy.Return, vy.Log,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def lint(paths: Iterable[Path]) -> list[Finding]:
    """Every finding in the files, and reasons that occur at more than one site among them."""
    findings: list[Finding] = []
    sites: dict[str, Finding] = {}
    for path in sorted(paths):
        source = path.read_text()
        findings += [Finding(path, line, text) for line, text in pragma_findings(path, source)]
        if "mocks" in path.parts:
            continue
        try:
            module: Any = parse_to_ast(source, is_interface=path.suffix == ".vyi")
        except VyperException as error:
            findings.append(Finding(path, 1, f"does not parse: {str(error).splitlines()[0]}"))
            continue
        findings += [Finding(path, line, text) for line, text in module_findings(path, module)]
        for line, reason in reasons(module):
            here = Finding(path, line, f'"{reason}" is also raised at ')
            if first := sites.get(reason):
                findings.append(Finding(path, line, f"{here.message}{first.path}:{first.line}"))
            sites.setdefault(reason, here)
    return findings


def pragma_findings(path: Path, source: str) -> Iterator[tuple[int, str]]:
    pragmas: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(source.splitlines(), 1):
        if match := re.match(r"#\s*(?:pragma|@)\s*([\w-]+)\s*(.*?)\s*$", line):
            pragmas[match[1]] = (number, match[2])
    line, version = pragmas.get("version", (1, "missing"))
    if version != VERSION:
        yield line, f"pragma version must be exactly {VERSION}, it is {version}"
    for name in ("experimental-codegen", "venom"):
        if name in pragmas:
            yield pragmas[name][0], f"pragma {name}: the compiler's default code generator only"
    if path.suffix == ".vyi":
        if "nonreentrancy" in pragmas:
            yield pragmas["nonreentrancy"][0], "pragma nonreentrancy does not go into an interface"
        return
    line, lock = pragmas.get("nonreentrancy", (1, "missing"))
    if lock != "on":
        yield line, f"pragma nonreentrancy must be on, it is {lock}"
    line, evm = pragmas.get("evm-version", (1, "missing"))
    if evm != EVM:
        yield line, f"pragma evm-version must be {EVM}, it is {evm}"


def module_findings(path: Path, module: Any) -> Iterator[tuple[int, str]]:
    audited = path.parent.name == "lib"
    for node in module.get_descendants(vy.Call):
        name = node.func.id if isinstance(node.func, vy.Name) else ""
        if (path.name, name) in ALLOWED:
            continue
        if name in BANNED_CALLS:
            yield node.lineno, f"{name} is banned: {BANNED_CALLS[name]}"
        elif name in CREATORS and not path.stem.endswith("Deployer"):
            yield node.lineno, f"{name} belongs in a deployer (a file named …Deployer.vy)"
        elif name.startswith("unsafe_") and not audited:
            yield node.lineno, f"{name} belongs in the audited kernel, contracts/lib"
    for node in module.get_descendants(vy.Attribute):
        name = f"{node.value.id}.{node.attr}" if isinstance(node.value, vy.Name) else ""
        if name in BANNED_NAMES:
            yield node.lineno, f"{name} is banned: {BANNED_NAMES[name]}"
    for node in module.get_children((vy.Import, vy.ImportFrom)):
        yield from import_findings(node)
    for function in module.get_children(vy.FunctionDef):
        yield from function_findings(function)
        if path.suffix == ".vy":
            yield from notice_findings(function)
    yield from unused_findings(path, module)
    yield from effect_findings(module)
    yield from reason_findings(module)


def import_findings(node: Any) -> Iterator[tuple[int, str]]:
    name = (getattr(node, "module", None) or node.name).split(".")[0]
    if not getattr(node, "level", 0) and name not in ROOTS:
        yield node.lineno, f"import {name} relatively (from . or ..): Ape and natrix need it"


def unused_findings(path: Path, module: Any) -> Iterator[tuple[int, str]]:
    """What is imported, or is a constant of a deployable, and stands nowhere else in its file."""
    named = [node.id for node in module.get_descendants(vy.Name)]
    for node in module.get_children((vy.Import, vy.ImportFrom)):
        name = node.alias or node.name
        if name not in named:
            yield node.lineno, f"{name} is imported and not used"
    if path.suffix == ".vy" and path.stem[0].isupper():
        for node in module.get_children(vy.VariableDecl):
            if node.is_constant and not node.is_public and named.count(node.target.id) == 1:
                yield node.lineno, f"{node.target.id} is not used"


def function_findings(function: Any) -> Iterator[tuple[int, str]]:
    # Lists that the caller sizes, and numbers that the caller picks.
    arguments = {arg.arg for arg in function.args.args}
    lists = {arg.arg for arg in function.args.args if is_dynamic_array(arg.annotation)}
    for loop in function.get_descendants(vy.For):
        if loop.iter.get_descendants(vy.ExtCall, include_self=True):
            yield loop.lineno, "extcall in a loop's header: read it into a variable first"
        names = {name.id for name in loop.iter.get_descendants(vy.Name, include_self=True)}
        if names & (lists if isinstance(loop.iter, vy.Name) else arguments):
            for statement in loop.body:
                for call in statement.get_descendants(vy.ExtCall, include_self=True):
                    yield call.lineno, "extcall in a loop that the caller sizes"
    checked = {name for test in zero_tests(function) for name in test}
    for call in function.get_descendants(vy.Call):
        if isinstance(call.func, vy.Name) and call.func.id == "ecrecover":
            target = getattr(call.get_ancestor((vy.AnnAssign, vy.Assign)), "target", None)
            if not isinstance(target, vy.Name) or target.id not in checked:
                yield (
                    call.lineno,
                    "ecrecover: keep the signer in a name, compare it with empty(address)",
                )


def notice_findings(function: Any) -> Iterator[tuple[int, str]]:
    """Comments above a function are natspec in an interface alone: the compiler reads docstrings."""
    external = "external" in {getattr(m, "id", "") for m in function.decorator_list}
    text = getattr(getattr(function, "doc_string", None), "value", "")
    if external and not re.match(r"\s*(@notice\s+)?[^@\s]", text):
        yield function.lineno, f"{function.name} needs a docstring that opens with its @notice"


def is_dynamic_array(annotation: Any) -> bool:
    return (
        isinstance(annotation, vy.Subscript)
        and isinstance(annotation.value, vy.Name)
        and annotation.value.id == "DynArray"
    )


def zero_tests(function: Any) -> Iterator[set[str]]:
    """The names in every comparison with empty(address) that guards something."""
    for guard in function.get_descendants((vy.Assert, vy.If)):
        for compare in guard.test.get_descendants(vy.Compare, include_self=True):
            names = {name.id for name in compare.get_descendants(vy.Name)}
            if {"empty", "address"} <= names:
                yield names


def effect_findings(module: Any) -> Iterator[tuple[int, str]]:
    """Expressions with two effects: the order of evaluation is the compiler's affair."""
    pure = {
        function.name
        for function in module.get_children(vy.FunctionDef)
        if {getattr(mark, "id", "") for mark in function.decorator_list} & {"view", "pure"}
    }
    owned = {function.name for function in module.get_children(vy.FunctionDef)} - pure
    statements = list(module.get_descendants(SIMPLE_STATEMENTS))
    headers = [node.test for node in module.get_descendants(vy.If)]
    headers += [node.iter for node in module.get_descendants(vy.For)]
    for node in statements + headers:
        effects = len(node.get_descendants(vy.ExtCall, include_self=True))
        for call in node.get_descendants(vy.Call, include_self=True):
            if isinstance(call.func, vy.Attribute):
                own = isinstance(call.func.value, vy.Name) and call.func.value.id == "self"
                effects += (own and call.func.attr in owned) or call.func.attr == "pop"
        if effects > 1:
            yield node.lineno, "two state changes in one expression: write one per line"


def reasons(module: Any) -> Iterator[tuple[int, str]]:
    for node, reason in refusals(module):
        if isinstance(reason, vy.Str):
            yield node.lineno, reason.value


def refusals(module: Any) -> Iterator[tuple[Any, Any]]:
    for node in module.get_descendants(vy.Assert):
        yield node, node.msg
    for node in module.get_descendants(vy.Raise):
        yield node, node.exc


def reason_findings(module: Any) -> Iterator[tuple[int, str]]:
    for node, reason in refusals(module):
        if reason is None and isinstance(getattr(node, "test", None), vy.ExtCall):
            continue  # assert extcall token.transfer(…): the callee has its own reason
        if not isinstance(reason, vy.Str):
            yield node.lineno, 'a refusal needs a reason, "module: reason"'
        elif not REASON.fullmatch(reason.value):
            yield node.lineno, f'"{reason.value}" does not read "module: reason"'
        elif len(reason.value.encode()) > REASON_BYTES:
            yield node.lineno, f'"{reason.value}" is longer than {REASON_BYTES} bytes'


def main(arguments: list[str]) -> int:
    roots = [Path(argument) for argument in arguments or ["contracts"]]
    files = [file for root in roots for file in ([root] if root.is_file() else root.rglob("*.vy*"))]
    findings = lint(files)
    for finding in findings:
        print(finding)
    print(f"{len(files)} contract files, {len(findings)} findings", file=sys.stderr)
    return 1 if findings or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
