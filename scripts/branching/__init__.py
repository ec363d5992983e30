"""Contracts that tell which way their decisions go. Nothing here writes into contracts/."""
