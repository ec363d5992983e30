"""A broken law shows its figures."""

import pytest

pytest.register_assert_rewrite(
    "gate_laws", "gates", "laws", "ledger", "lps", "machine", "marks", "rogues", "stage", "surroundings",
    "traders",
)  # fmt: skip
