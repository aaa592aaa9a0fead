"""One self-contained page about a run, for those who were not there."""
