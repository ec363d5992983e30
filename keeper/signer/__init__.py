"""A surface signer in a process of its own: what it checks before it signs, and where it is asked."""
