"""``meekmc voi``: which number is worth knowing."""
