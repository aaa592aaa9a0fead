"""How fast, against whom: run by hand through ``meekmc bench``, never by the tests."""
