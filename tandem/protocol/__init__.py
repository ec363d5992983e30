"""Tandem's own contracts from Python: deploying them, naming series, calling them.

Nothing here decides anything; it encodes, sends and decodes over a `tandem.engine.Engine`.
"""
