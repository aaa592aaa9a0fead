"""The only room that knows how work is cut, run and stored."""
