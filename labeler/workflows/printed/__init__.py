"""The documentation pages that are printed from registries, one module per kind of page."""
