"""``meekmc sensitivity``: what moves a figure, in four views."""
