"""Forecasts of later records from what was known on a day, and their scores."""
