"""What LPs would have earned: many replays of the real contracts side by side, measured alike.

`grid` says which replays, `runner` runs and keeps them, `measures` says what a figure means, `table` and
`page` show them. A row is kept by everything that it depends on, so that a study goes on where it was
interrupted and never mixes two versions of the code.
"""
