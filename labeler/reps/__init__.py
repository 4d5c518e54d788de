"""Floor 3: repetitions and their phases, from signals."""
