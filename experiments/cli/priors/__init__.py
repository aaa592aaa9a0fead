"""``meekmc priors``: what is believed, listed, shown, fitted and compared."""
