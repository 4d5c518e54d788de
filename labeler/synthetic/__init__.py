"""A made-up athlete whose movement and faults are known exactly."""
