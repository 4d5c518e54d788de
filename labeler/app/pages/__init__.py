"""The pages: each asks, shows and passes on; what things mean is decided in `workflows`."""
