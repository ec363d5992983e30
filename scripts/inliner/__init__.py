"""Vyper functions with their calls written out: the text, the calls, the tidying. Pure: text in, trees
out."""
