"""Floor 6: files out and in, one module per format."""
