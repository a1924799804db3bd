"""Registers: list, detail, forms and menu of a table, described once."""
