"""Mutants of the contracts, and the tests that should notice them. Nothing here writes into contracts/."""
