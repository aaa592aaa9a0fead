"""Metrics, one family a file, found by ``mc.model.registry``."""
