"""How this package compiles: one decorator, one cache inside the checkout, two machine
instructions.

The cache folder is settled here, before anything is compiled: inside the checkout, and named after
these sources, because numba itself does not notice that a function pasted in from another file
changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir
from numba.core import config as _config
from numba.core import types
from numba.extending import intrinsic

settings: Any = _config
F = TypeVar("F", bound=Callable[..., Any])

_ROOT = Path(__file__).resolve().parents[2]
if (_ROOT / "pyproject.toml").is_file() and not settings.CACHE_DIR:
    _sources = b"".join(p.read_bytes() for p in sorted(Path(__file__).parent.glob("*.py")))
    _name = hashlib.sha256(_sources).hexdigest()[:12]
    settings.CACHE_DIR = str(_ROOT / ".cache" / "numba" / _name)


def jit(function: F) -> F:
    """Compile on first use, keep the machine code, let a division by zero be an infinity."""
    return cast("F", numba.njit(cache=True, error_model="numpy", nogil=True)(function))


def inline(function: F) -> F:
    """As `jit`, and pasted into the caller by LLVM, so that the caller's loop stays vectorised."""
    return cast("F", numba.njit(error_model="numpy", nogil=True, forceinline=True)(function))


def _fma(typingctx: Any, a: Any, b: Any, c: Any) -> Any:
    signature = types.float64(types.float64, types.float64, types.float64)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        double = ir.DoubleType()
        declared = builder.module.declare_intrinsic(
            "llvm.fma", [double], ir.FunctionType(double, [double] * 3)
        )
        return builder.call(declared, args)

    return signature, generate


def _bits(typingctx: Any, a: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return types.uint64(types.float64), generate


def _from_bits(typingctx: Any, a: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.uint64), generate


fma: Callable[[float, float, float], float] = cast("Any", intrinsic(_fma))
"""a * b + c with one rounding, whatever the machine."""
bits: Callable[[float], Any] = cast("Any", intrinsic(_bits))
"""The 64 bits of a double, as an unsigned integer."""
from_bits: Callable[[Any], float] = cast("Any", intrinsic(_from_bits))
"""The double that an integer's 64 bits spell."""
