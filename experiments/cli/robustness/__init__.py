"""``meekmc robustness``: the headline in every setting."""
