"""Floor 0: the words everyone uses: domain types, units and errors. Imports NumPy only."""
