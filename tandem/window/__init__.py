"""The page of a market: its files, what lies beside them, and a server of this machine for both.

The page (`app/`) reads the chain by itself; what is here adds nothing to it but files, and on this machine a
keeper's figures.
"""
