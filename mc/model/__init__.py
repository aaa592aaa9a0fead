"""The science: compute paths and metrics; nothing here knows draws, blocks or files."""
