"""The flat-table format in parts: what each table holds, and how it stands in a file."""
