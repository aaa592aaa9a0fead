"""Named, indexed randomness: from an integer index to the parameters of a draw."""
