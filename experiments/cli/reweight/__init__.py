"""``meekmc reweight``: other beliefs on draws that are there."""
