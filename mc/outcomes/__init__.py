"""What draws come to: events with a status, bands over draws, tables with errors."""
