"""A broken law shows its figures."""

import pytest

pytest.register_assert_rewrite(
    "laws", "ledger", "lps", "machine", "rogues", "stage", "surroundings", "traders"
)
