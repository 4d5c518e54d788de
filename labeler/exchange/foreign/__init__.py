"""Poses from other tools and laboratories: one module per format, and the way to our landmarks."""
