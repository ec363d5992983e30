"""A path driven through real contracts: what happened, what it earned and why, and how it looks."""
