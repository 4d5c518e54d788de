"""Floor 2: cleaned landmarks to angles, lengths and speeds."""
