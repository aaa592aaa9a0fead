"""``meekmc report``: one page about a run that can be forwarded."""
