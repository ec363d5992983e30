"""Where prices, surfaces and order flow come from: files and seeded generators.

Everything here is deterministic for its inputs (a file, a seed) and knows no chain. Files are
read once, checked once, and handed on as frozen arrays.
"""
