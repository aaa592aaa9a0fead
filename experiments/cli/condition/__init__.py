"""``meekmc condition``: beliefs before and after data."""
