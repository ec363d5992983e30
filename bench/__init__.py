"""Measured, side by side with peers: figures for the README, never timed tests.

A module in here that decorates functions with `bench.registry.benchmark` is found by itself; each
function returns rows. `python -m bench` runs them; with `--write` it keeps `bench/results.json` and the
README's table.
"""
