"""``meekmc evidence``: what was observed, listed, shown, and added to."""
