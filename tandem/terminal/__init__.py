"""How commands talk to people: the group that finds them, shared options, two ways to print."""
