"""What every test shares."""

from __future__ import annotations

from pathlib import Path

import boa

# Compiled contracts are kept inside the checkout: a cache shared between checkouts mixes them up.
boa.interpret.set_cache_dir(str(Path(__file__).resolve().parents[1] / ".cache" / "titanoboa"))
