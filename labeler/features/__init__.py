"""Floor 4: the registry of features, and the table of reps and features."""
