"""Floor 6: scores on athletes a model has never seen."""
