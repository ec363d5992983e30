"""Policies on recorded prices without a chain: what hedging costs at the error that it leaves."""
