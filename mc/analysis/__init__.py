"""What moves the answer, what if, and what was observed."""
