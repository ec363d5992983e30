"""Where numbers stand in the words that the page takes apart, read where each layout is held.

A slice's is the library's (`tandem.model.svi.LAYOUT`, which a test holds to contracts/lib/surface.vy). The
gate's two words only contracts take apart: theirs is read from their own functions.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, TypedDict

from vyper import ast as vy
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.phases import CompilerData

from tandem.model.svi import LAYOUT

ROOT = Path(__file__).resolve().parents[1]
LIB = ROOT / "contracts" / "lib"


class Part(TypedDict):
    """A field of a word: its lowest bit, its bits, and how many of the unit one step of it is."""

    low: int
    width: int
    scale: int


@cache
def module(path: Path) -> Any:
    """A contract's syntax tree, as the compiler understands it."""
    files = FilesystemInputBundle([ROOT, path.parent])
    return CompilerData(files.load_file(path), input_bundle=files).annotated_vyper_module


def slice_word() -> dict[str, dict[str, int | bool]]:
    """Of a slice: by name its lowest bit, its bits, its sign, and how many steps make 1."""
    return {
        f.name: {"low": f.low, "width": f.width, "signed": f.signed, "scale": f.scale}
        for f in LAYOUT
    }


def gate_word(path: Path = LIB / "gate_word.vy") -> dict[str, Part]:
    """Of a mark of the gate, as its own `unpack` takes it apart: what stands there by itself, in the unit
    that it returns. Raises ValueError where nothing does."""
    unpack = next(f for f in module(path).get_children(vy.FunctionDef) if f.name == "unpack")
    (told,) = unpack.get_descendants(vy.Return)
    read = {each.arg: _part(each.value) for each in told.value.keywords}
    found = {name: part for name, part in read.items() if part}
    if not found:
        raise ValueError(f"{path.name}: unpack returns no part of a word that is known here")
    return found


def _part(value: Any) -> Part | None:
    """`((word >> low) & mask) * scale`, of which shift and scale may be left out; None for anything else."""
    scale = width = 0
    if _is(value, vy.Mult):
        value, scale = value.left, _number(value.right)
    if _is(value, vy.BitAnd):
        value, width = value.left, _number(value.right).bit_length()
    low = _number(value.right) if _is(value, vy.RShift) else 0
    of = value.left if _is(value, vy.RShift) else value
    if not isinstance(of, vy.Name) or of.id != "word" or (of is value and not width):
        return None
    return Part(low=low, width=width or 256 - low, scale=scale or 1)


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, vy.BinOp) and isinstance(value.op, kind)


def _number(value: Any) -> int:
    return int(value.reduced().value)


def losses(path: Path = LIB / "losses.vy") -> dict[str, int]:
    """Of a word of losses: a field's bits, what is kept above what it is, and how many bits of WAD USD a
    step leaves out. Raises ValueError where a step is no power of two."""
    known = {
        each.target.id: _number(each.value) for each in module(path).get_children(vy.VariableDecl)
    }
    bits = known["STEP"].bit_length() - 1
    if known["STEP"] != 1 << bits:
        raise ValueError(f"{path.name}: a step of {known['STEP']} is no power of two")
    return {"width": known["WIDTH"], "bias": known["BIAS"], "bits": bits}
