"""``meekmc run``: what is asked, what is announced, what is told."""
