"""The contracts as Python sees them: one module per contract, `structs` for what they hand out.

All but this file is written by scripts/generate_bindings.py from the contracts' sources, and lint
fails where it is stale.
"""
