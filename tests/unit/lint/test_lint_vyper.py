"""Each ban catches a contract that breaks it, and lets its harmless neighbour pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.lint_vyper import lint, main

HEADER = """# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
INTERFACE = """
interface IX:
    def poke() -> uint256: nonpayable
    def all() -> DynArray[uint256, 4]: nonpayable
    def peek() -> uint256: view
x: IX
"""


def findings(folder: Path, body: str, name: str = "Thing.vy", header: str = HEADER) -> str:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(header + body)
    return "\n".join(finding.message for finding in lint([file]))


def function(*lines: str, arguments: str = "") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f'{INTERFACE}\n@external\ndef f({arguments}):\n    """Tries."""\n{body}'


CAUGHT = [
    ("raw_call(self, b'')", "raw_call is banned"),
    ("a: address = raw_create(b'')", "raw_create is banned"),
    ("raw_log([], b'')", "raw_log is banned"),
    ("raw_revert(b'')", "raw_revert is banned"),
    ("selfdestruct(self)", "selfdestruct is banned"),
    ("send(self, 1)", "send is banned"),
    ("a: Bytes[4] = slice(msg.data, 0, 4)", "slice is banned"),
    ("a: Bytes[4] = concat(b'ab', b'cd')", "concat is banned"),
    ("a: bytes32 = extract32(b'', 0)", "extract32 is banned"),
    ("a: uint256 = abi_decode(b'', uint256)", "abi_decode is banned"),
    ("a: decimal = sqrt(2.0)", "sqrt is banned"),
    ("a: uint256 = isqrt(2)", "isqrt is banned"),
    ("a: uint256 = unsafe_add(1, 2)", "unsafe_add belongs in the audited kernel"),
    ("a: address = create_copy_of(self)", "create_copy_of belongs in a deployer"),
    ("a: address = create_from_blueprint(self)", "create_from_blueprint belongs in a deployer"),
    ("a: address = create_minimal_proxy_to(self)", "create_minimal_proxy_to belongs in a deployer"),
    ("assert tx.origin == self, 'a: b'", "tx.origin is banned"),
    ("a: uint256 = block.number", "block.number is banned"),
    ("a: uint256 = extcall self.x.poke() + extcall self.x.poke()", "two state changes"),
    ("a: uint256 = self.q.pop() + extcall self.x.poke()", "two state changes"),
    ("if extcall self.x.poke() > extcall self.x.poke():\n        pass", "two state changes"),
    ("for i: uint256 in extcall self.x.all():\n        pass", "extcall in a loop's header"),
    ("assert self == self", "a refusal needs a reason"),
    ("raise", "a refusal needs a reason"),
    ("assert self == self, UNREACHABLE", "a refusal needs a reason"),
    ("assert self == self, 'too small'", 'does not read "module: reason"'),
    ("raise 'Market: too small'", 'does not read "module: reason"'),
    ("raise 'market: " + "x" * 25 + "'", "longer than 32 bytes"),
    ("a: address = ecrecover(empty(bytes32), 1, 2, 3)", "ecrecover"),
    ("assert ecrecover(empty(bytes32), 1, 2, 3) == self, 'a: b'", "ecrecover"),
]


@pytest.mark.parametrize(("line", "message"), CAUGHT, ids=[line[:40] for line, _ in CAUGHT])
def test_a_banned_construct_is_caught(tmp_path: Path, line: str, message: str) -> None:
    assert message in findings(tmp_path, function(line))


PASSES = [
    ["a: uint256 = math.sqrt(2)"],
    ["a: uint256 = extcall self.x.poke()", "b: uint256 = extcall self.x.poke()"],
    ["a: uint256 = extcall self.x.poke() + staticcall self.x.peek()"],
    ["for i: uint256 in staticcall self.x.all():", "    pass"],
    ["for i: uint256 in range(4):", "    a: uint256 = extcall self.x.poke()"],
    ["assert extcall token.transfer(self, 1, default_return_value=True)"],
    ["raise 'market: " + "x" * 24 + "'"],
    [
        "signer: address = ecrecover(empty(bytes32), 1, 2, 3)",
        "assert signer != empty(address), 'surface: bad signature'",
    ],
]


@pytest.mark.parametrize("lines", PASSES, ids=[lines[0][:40] for lines in PASSES])
def test_a_harmless_neighbour_passes(tmp_path: Path, lines: list[str]) -> None:
    assert findings(tmp_path, function(*lines)) == ""


@pytest.mark.parametrize(
    ("arguments", "header"),
    [
        ("xs: DynArray[uint256, 4]", "for i: uint256 in xs:"),
        ("xs: DynArray[uint256, 4]", "for i: uint256 in range(len(xs), bound=4):"),
        ("n: uint256", "for i: uint256 in range(n, bound=4):"),
    ],
)
def test_an_extcall_in_a_loop_that_the_caller_sizes_is_caught(
    tmp_path: Path, arguments: str, header: str
) -> None:
    body = function(header, "    a: uint256 = extcall self.x.poke()", arguments=arguments)
    assert "extcall in a loop that the caller sizes" in findings(tmp_path, body)


def test_an_ecrecover_whose_check_names_another_address_is_caught(tmp_path: Path) -> None:
    body = function(
        "signer: address = ecrecover(empty(bytes32), 1, 2, 3)",
        "assert self != empty(address), 'surface: bad signature'",
    )
    assert "ecrecover" in findings(tmp_path, body)


def test_two_calls_of_internal_functions_that_write_are_caught(tmp_path: Path) -> None:
    writer = "@internal\ndef g() -> uint256:\n    self.n += 1\n    return self.n\n"
    reader = "@internal\n@view\ndef g() -> uint256:\n    return self.n\n"
    body = function("a: uint256 = self.g() + self.g()")
    assert "two state changes" in findings(tmp_path, body + writer)
    assert findings(tmp_path, body + reader) == ""


def test_the_same_reason_at_two_sites_is_caught_across_files(tmp_path: Path) -> None:
    one, two = tmp_path / "One.vy", tmp_path / "Two.vy"
    one.write_text(HEADER + function("raise 'market: paused'"))
    assert lint([one]) == []
    two.write_text(HEADER + function("raise 'market: paused'"))
    (finding,) = lint([one, two])
    assert finding.path == two
    assert "One.vy" in finding.message


def test_what_a_deployer_and_the_kernel_may_do_is_not_reported(tmp_path: Path) -> None:
    create = function("a: address = create_from_blueprint(self)")
    assert findings(tmp_path, create, name="MarketDeployer.vy") == ""
    add = function("a: uint256 = unsafe_add(1, 2)")
    assert findings(tmp_path, add, name="lib/fixed_point.vy") == ""


def test_an_allowance_binds_to_one_file_and_one_construct(tmp_path: Path) -> None:
    words = function("a: String[4] = concat('ab', 'cd')")
    assert findings(tmp_path, words, name="OptionToken.vy") == ""
    assert "concat is banned" in findings(tmp_path, words, name="Market.vy")
    assert "slice is banned" in findings(
        tmp_path, function("a: Bytes[4] = slice(msg.data, 0, 4)"), name="OptionToken.vy"
    )


def test_test_doubles_are_bound_by_the_pragmas_alone(tmp_path: Path) -> None:
    attack = function("raw_call(self, b'')", "raise 'boo'")
    assert findings(tmp_path, attack, name="mocks/Attacker.vy") == ""
    assert "evm-version" in findings(tmp_path, attack, "mocks/A.vy", HEADER.replace("evm", "x"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("from lib import pricing", "import lib relatively"),
        ("import market", "import market relatively"),
        ("from ..lib import pricing", ""),
        ("from . import pricing", ""),
        ("from ethereum.ercs import IERC20", ""),
        ("from snekmate.utils import math", ""),
    ],
)
def test_imports_are_relative(tmp_path: Path, line: str, message: str) -> None:
    name = line.rpartition(" ")[2]
    found = findings(tmp_path, f"{line}\nuses: {name}\n")
    assert found.startswith(message)
    assert bool(found) == bool(message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version 0.4.3", "version ^0.4.0", "pragma version must be exactly 0.4.3"),
        ("version 0.4.3", "version >=0.4.3", "pragma version must be exactly 0.4.3"),
        ("# pragma version 0.4.3\n", "", "pragma version must be exactly 0.4.3"),
        ("evm-version cancun", "evm-version prague", "pragma evm-version must be cancun"),
        ("# pragma evm-version cancun\n", "", "pragma evm-version must be cancun"),
        ("# pragma nonreentrancy on\n", "", "pragma nonreentrancy must be on"),
        ("nonreentrancy on", "nonreentrancy off", "pragma nonreentrancy must be on"),
        ("# pragma nonr", "# pragma experimental-codegen\n# pragma nonr", "experimental-codegen"),
    ],
)
def test_a_pragma_that_is_loose_or_missing_is_caught(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    header = HEADER.replace(old, new)
    assert header != HEADER
    assert message in findings(tmp_path, "", header=header)


def test_an_interface_has_a_version_and_no_lock(tmp_path: Path) -> None:
    body = "@external\ndef f(): ...\n"
    assert findings(tmp_path, body, "IX.vyi", "# pragma version 0.4.3\n") == ""
    locked = findings(
        tmp_path, body, "IX.vyi", "# pragma version 0.4.3\n# pragma nonreentrancy on\n"
    )
    assert "does not go into an interface" in locked
    assert "pragma version" in findings(tmp_path, body, "IX.vyi", "")


def test_a_file_that_does_not_parse_is_a_finding(tmp_path: Path) -> None:
    assert "does not parse" in findings(tmp_path, "def f(:\n")


def test_the_command_fails_on_a_finding_and_when_it_finds_no_contracts(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main([str(empty)]) == 1
    (tmp_path / "Thing.vy").write_text(HEADER)
    assert main([str(tmp_path)]) == 0
    (tmp_path / "Thing.vy").write_text("")
    assert main([str(tmp_path)]) == 1


@pytest.mark.parametrize(
    ("text", "documented"),
    [
        ('    """\n    @notice Pokes.\n    """\n', True),
        ('    """\n    Pokes.\n    """\n', True),
        ('    """\n    @return A poke.\n    """\n', False),
        ('    """\n    @notice\n    """\n', False),
        ("    # @notice Pokes.\n", False),
    ],
)
def test_an_external_function_without_a_notice_is_caught(
    tmp_path: Path, text: str, documented: bool
) -> None:
    body = f"# @notice Pokes.\n@external\ndef f() -> uint256:\n{text}    return 1\n"
    assert ("f needs a docstring" in findings(tmp_path, body)) != documented
    inner = body.replace("@external", "@internal")
    assert findings(tmp_path, inner) == ""


def test_what_is_imported_or_kept_for_nobody_is_caught(tmp_path: Path) -> None:
    body = function("a: uint256 = staticcall IY(self).peek() + KEPT")
    lines = "from . import IY\nKEPT: constant(uint256) = 1\nSHOWN: public(constant(uint256)) = 1\n"
    assert findings(tmp_path, lines + body) == ""
    idle = "from . import IZ\nfrom . import IY as IQ\nLEFT: constant(uint256) = 1\n"
    said = findings(tmp_path, lines + idle + body).splitlines()
    assert said == [
        "IZ is imported and not used",
        "IQ is imported and not used",
        "LEFT is not used",
    ]
    # of a module others may use the constant
    assert "LEFT" not in findings(tmp_path, lines + idle + body, "thing.vy")
