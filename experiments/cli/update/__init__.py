"""``meekmc update``: a card and the rows of one's own that it has not used."""
