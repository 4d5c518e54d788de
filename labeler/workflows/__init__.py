"""Floor 7: what each button and command means."""
