"""Mechanisms written once; they never name a noun of the field."""
