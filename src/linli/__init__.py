"""Linli (邻里): an open platform on which a city and its residents run community life."""
