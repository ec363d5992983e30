"""The floor, proved: lemmas over the contracts' own text (`make prove`, docs/solvency.md)."""
