"""Measurements of Linli at real sizes."""
