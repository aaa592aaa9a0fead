"""Shapes of metrics in log compute, one a file: what metrics are made of."""
