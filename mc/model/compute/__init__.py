"""Compute paths, one a file, found by ``mc.model.registry``."""
