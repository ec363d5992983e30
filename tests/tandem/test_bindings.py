"""The generated bindings: each kind of function, struct and event there and back, and no file that
the sources have left behind.

Longer than a file should be: it is one walk over every kind, with the same contracts at hand.
"""

from __future__ import annotations

import re
import sys
from dataclasses import FrozenInstanceError
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from scripts import binding_model, generate_bindings
from scripts.generate_bindings import OUT, PACKAGE, SOURCES, file_of, formatted, generate, main
from tandem.engine.abi import Abi
from tandem.engine.artifacts import ROOT, Artifact, compile_vyper
from tandem.engine.bound import Bound
from tandem.engine.revm import RevmEngine
from tandem.errors import EngineError, Reverted
from tandem.protocol.bindings.usdc import USDC, Transfer

SAMPLE = '''
# pragma version 0.4.3
"""
@notice Everything that a binding has to carry.
"""

# A leg of something.
struct Leg:
    strike: uint256  # whole USD
    size: int256
    owner: address


struct Basket:
    legs: DynArray[Leg, 4]
    first: Leg
    grid: uint256[2][2]
    known: bool


# Said once.
event Moved:
    who: indexed(address)
    place: indexed(uint256)
    amount: int256  # signed
    sizes: DynArray[uint256, 3]


last: public(HashMap[uint256, address])
basket: Basket


@external
def deposit(assets: uint256, receiver: address = msg.sender, bonus: uint256 = 7) -> uint256:
    """
    @notice Keep `assets` of somebody.
    """
    self.last[assets] = receiver
    log Moved(who=receiver, place=assets, amount=-convert(bonus, int256), sizes=[assets, bonus])
    return assets + bonus


@external
def store(basket: Basket):
    assert len(basket.legs) != 0, "sample: empty"
    self.basket = basket


@external
def swap(a: uint256, b: address) -> (address, uint256):
    return b, a


@external
@view
def stored() -> Basket:
    """
    @return What was kept.
    """
    return self.basket


@external
@view
def legs() -> DynArray[Leg, 4]:
    return self.basket.legs


@external
@view
def owners() -> DynArray[address, 4]:
    found: DynArray[address, 4] = []
    for leg: Leg in self.basket.legs:
        found.append(leg.owner)
    return found
'''


def written(
    path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[ModuleType, ModuleType]:
    """The bindings of one contract: its own module, and that of the structs."""
    path.write_text(text)
    texts = formatted(generate([path], [path]))
    modules = {}
    for name in ("structs", path.stem.lower()):
        module = ModuleType(f"{PACKAGE}.{name}")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(texts[f"{name}.py"], module.__dict__)  # noqa: S102
        modules[name] = module
    return modules[path.stem.lower()], modules["structs"]


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """(contract on chain, its module, its structs' module)."""
    from vyper.cli.vyper_compile import compile_files

    monkeypatch.setitem(binding_model.RESULTS, "swap", ("Swapped", "who", "amount"))
    path = tmp_path / "Sample.vy"
    module, structs = written(path, SAMPLE.lstrip(), monkeypatch)
    raw = next(iter(compile_files([str(path)], ["abi", "bytecode"]).values()))
    code = bytes.fromhex(raw["bytecode"].removeprefix("0x"))
    engine = RevmEngine()
    contract = engine.deploy(Artifact("Sample", Abi(raw["abi"]), code))
    return module.Sample.of(contract), module, structs


def bound_of(source: str) -> type[Bound]:
    """The class that is bound to one of the SOURCES."""
    path = Path(source)
    module = import_module(f"{PACKAGE}.{file_of(path).removesuffix('.py')}")
    return getattr(module, binding_model.title(path))


def basket(structs, engine):
    one = structs.Leg(3_000, -5, engine.accounts[4])
    two = structs.Leg(3_500, 2**255 - 1, engine.accounts[5])
    return structs.Basket((one, two), two, ((1, 2), (3, 4)), True)


# ---- there and back
def test_a_struct_with_structs_inside_comes_back_as_it_went(sample):
    contract, _, structs = sample
    wanted = basket(structs, contract.engine)
    contract.store(wanted).send(contract.engine.accounts[1])
    assert contract.stored() == wanted
    assert isinstance(contract.stored().legs[1], structs.Leg)


def test_an_array_of_structs_comes_back_as_a_tuple_of_them(sample):
    contract, _, structs = sample
    wanted = basket(structs, contract.engine)
    contract.store(wanted).send(contract.engine.accounts[1])
    assert contract.legs() == wanted.legs


def test_addresses_have_their_capitals_wherever_they_stand(sample):
    contract, _, structs = sample
    people = contract.engine.accounts
    contract.store(basket(structs, contract.engine)).send(people[1])
    assert contract.owners() == (people[4], people[5])
    assert contract.stored().first.owner == people[5]


def test_several_results_have_names(sample):
    contract, _, structs = sample
    who = contract.engine.accounts[3]
    prepared = contract.swap(5, who)
    assert prepared.simulate(who) == structs.Swapped(who=who, amount=5)
    assert prepared.result(prepared.send(who)) == structs.Swapped(who, 5)


def test_arguments_with_defaults_may_be_left_out_from_the_end(sample):
    contract, _, _ = sample
    sender, other = contract.engine.accounts[1:3]
    assert contract.deposit(10).simulate(sender) == 17
    contract.deposit(11, other).send(sender)
    assert contract.last(11) == other
    assert contract.deposit(12, other, 1).simulate(sender) == 13


def test_a_simulation_leaves_nothing_behind(sample):
    contract, _, _ = sample
    sender = contract.engine.accounts[1]
    contract.deposit(10).simulate(sender)
    assert int(contract.last(10), 16) == 0


def test_an_event_is_named_and_typed(sample):
    contract, module, _ = sample
    sender, other = contract.engine.accounts[1:3]
    receipt = contract.deposit(10, other, 2).send(sender)
    assert contract.logs(module.Moved, receipt) == [
        module.Moved(who=other, place=10, amount=-2, sizes=(10, 2))
    ]


def test_calldata_and_batches_are_the_raw_layers_own(sample):
    contract, _, _ = sample
    sender = contract.engine.accounts[1]
    prepared = contract.deposit(10, sender)
    raw = contract.abi.function("deposit", 2).encode((10, sender))
    assert prepared.data == raw == prepared.tx(sender).data
    receipts = contract.engine.send_many([prepared.by(sender), contract.deposit(11).by(sender)])
    assert [receipt.returned for receipt in receipts] == [17, 18]


# ---- refusals
def test_a_refusal_carries_its_reason(sample):
    contract, _, structs = sample
    sender = contract.engine.accounts[1]
    empty = structs.Basket((), structs.Leg(0, 0, sender), ((0, 0), (0, 0)), False)
    with pytest.raises(Reverted, match="sample: empty"):
        contract.store(empty).simulate(sender)
    with pytest.raises(Reverted, match="sample: empty"):
        contract.store(empty).send(sender)


def test_anothers_logs_are_passed_over():
    engine = RevmEngine()
    first, second = (USDC.of(engine.deploy(compile_vyper("USDC"))) for _ in range(2))
    owner, other = engine.accounts[:2]
    receipt = first.mint(other, 5).send(owner)
    assert [log.value for log in first.logs(Transfer, receipt)] == [5]
    assert second.logs(Transfer, receipt) == []


def test_a_log_of_another_event_is_refused():
    engine = RevmEngine()
    token = USDC.of(engine.deploy(compile_vyper("USDC")))
    receipt = token.approve(engine.accounts[1], 5).send(engine.accounts[0])
    with pytest.raises(EngineError, match="is no Transfer"):
        Transfer.decode(receipt.logs[0])


def test_values_cannot_be_changed(sample):
    _, _, structs = sample
    with pytest.raises(FrozenInstanceError):
        structs.Leg(1, 2, "0x").size = 3


# ---- what the generator will not write
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "@external\ndef nobody_named_these() -> (uint256, uint256):\n    return 1, 2\n",
            "RESULTS",
        ),
        ("@external\ndef logs() -> uint256:\n    return 1\n", "would hide Bound.logs"),
        (
            "event Said:\n    by: indexed(String[9])\n\n@external\ndef say():\n    log Said(by='me')\n",
            "no plain field",
        ),
    ],
)
def test_what_has_no_good_binding_is_refused(tmp_path, text, words):
    path = tmp_path / "Odd.vy"
    path.write_text(text)
    with pytest.raises(SystemExit, match=words):
        generate([path], [path])


def test_two_structs_of_one_name_are_called_after_their_owners(tmp_path):
    for owner, member in (("Left", "uint256"), ("Right", "address")):
        (tmp_path / f"{owner}.vy").write_text(
            f"struct Item:\n    {owner.lower()}: {member}\n\n"
            "@external\n@view\ndef item() -> Item:\n    return empty(Item)\n"
        )
    paths = [tmp_path / "Left.vy", tmp_path / "Right.vy"]
    text = generate(paths, paths)["structs.py"]
    assert "class LeftItem(Struct)" in text
    assert "class RightItem(Struct)" in text


def test_every_named_result_is_some_contracts() -> None:
    known = {name for source in SOURCES for name in bound_of(source).ABI.functions}
    assert set(binding_model.RESULTS) <= known


# ---- the files that stand
@pytest.mark.long
def test_no_binding_is_stale(capsys):
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_a_binding_that_its_source_has_left_behind_is_named(tmp_path, capsys, monkeypatch):
    """What the sources come to `make lint` asks the compiler."""
    texts = {path.name: path.read_text() for path in OUT.glob("*.py") if path.stem != "__init__"}
    monkeypatch.setattr(generate_bindings, "bindings", lambda: texts)
    for path in OUT.glob("*.py"):
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "market.py").write_text((OUT / "market.py").read_text() + "# by hand\n")
    (tmp_path / "gone.py").write_text("")
    assert main(["--check"], tmp_path) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"bindings/{name}.py is stale: run `make bindings`" for name in ("gone", "market")
    ]


@pytest.mark.parametrize("source", [s for s in SOURCES if s.endswith(".vy")])
def test_a_bindings_abi_is_the_compilers(source: str) -> None:
    """Every function, event and the constructor: the same selectors, topics and types."""
    ours, theirs = bound_of(source).ABI, compile_vyper(Path(source).stem).abi
    assert ours.functions == theirs.functions
    assert ours.events == theirs.events
    assert ours.constructor == theirs.constructor


RAW = re.compile(r"""\.(?:call|send)\(\s*["']""")
BELOW = ("tandem/engine", "tandem/venues", "tandem/protocol/bindings")
"""What lies below the boundary."""


def test_nobody_above_the_boundary_calls_by_name() -> None:
    found = [
        str(path.relative_to(ROOT))
        for folder in ("tandem", "keeper")
        for path in (ROOT / folder).rglob("*.py")
        if not str(path.relative_to(ROOT)).startswith(BELOW) and RAW.search(path.read_text())
    ]
    assert found == []
