"""``meekmc compare``: two worlds, draw by draw."""
