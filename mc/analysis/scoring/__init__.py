"""What would have been said on a day, and how well it covered what then happened."""
