"""Floor 5: models with cards."""
