"""What every test shares."""

from __future__ import annotations

import os
from pathlib import Path

import boa
from boa.contracts.vyper.vyper_contract import VyperContract
from hypothesis import settings

# Compiled contracts are kept inside the checkout: a cache shared between checkouts mixes them up.
boa.interpret.set_cache_dir(str(Path(__file__).resolve().parents[1] / ".cache" / "titanoboa"))


def _short(self: VyperContract) -> str:
    return f"<{self.compiler_data.contract_path} at {self.address}>"


# Before each revert titanoboa prints the contract's storage into its error, by a trace that it keeps
# by address. Past an anchor that trace may be of another contract that stood there, which cannot be
# read with this one's types; then the print fails instead of the call.
VyperContract.__repr__ = _short

# A change is judged by the same examples each time; new ones are looked for every night.
settings.register_profile("change", derandomize=True, deadline=None)
settings.register_profile("nightly", deadline=None)
settings.load_profile("nightly" if os.environ.get("TANDEM_NIGHTLY") == "1" else "change")
