"""What a market that lives earned, and why: from its own logs and its state at past blocks, which anybody can
read. `reading` finds the logs, `account` splits the change of NAV by cause, `session` brings them together.
"""
