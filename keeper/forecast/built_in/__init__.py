"""One file, one forecaster: `create(start=…, **settings)` makes it, and it is called as the file is."""
