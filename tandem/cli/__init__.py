"""One file, one command: of traders, LPs, auditors and deployers. `tandem.terminal` finds them.

A file `name.py` holds the click command `name` (`_` becomes `-`); the first line of its docstring is
what `tandem --help` says of it.
"""
