"""A search that fails shows its figures."""

import pytest

pytest.register_assert_rewrite("books", "course", "play", "plans", "search")
