"""What every test shares."""

from __future__ import annotations

import os
from pathlib import Path

import boa
from hypothesis import settings

# Compiled contracts are kept inside the checkout: a cache shared between checkouts mixes them up.
boa.interpret.set_cache_dir(str(Path(__file__).resolve().parents[1] / ".cache" / "titanoboa"))

# A change is judged by the same examples each time; new ones are looked for every night.
settings.register_profile("change", derandomize=True, deadline=None)
settings.register_profile("nightly", deadline=None)
settings.load_profile("nightly" if os.environ.get("TANDEM_NIGHTLY") == "1" else "change")
