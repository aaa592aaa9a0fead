"""What is asked: one short script a question, and the command line."""
