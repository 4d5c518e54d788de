"""Floor 5: hand-written rules that answer fired, passed or not applicable."""
