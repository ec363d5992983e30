"""A broken law shows its figures."""

import pytest

pytest.register_assert_rewrite("laws", "ledger", "machine")
