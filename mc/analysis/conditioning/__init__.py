"""What was observed, set against what a card implies: from a prior to a posterior."""
