"""One file, one policy: `create(**settings)` makes it, and it is called as the file is."""
