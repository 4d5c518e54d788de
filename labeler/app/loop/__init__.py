"""A repetition that plays again and again, to look at and not to label."""
