"""labeler: from exercise videos to fault labels, and from labels to a trusted classifier."""
