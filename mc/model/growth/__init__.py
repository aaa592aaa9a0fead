"""How one entry of a path's ledger grows: a shape a file."""
