"""``meekmc export``: a run's figures as other people's tools take them."""
