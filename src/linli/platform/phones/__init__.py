"""Proving that somebody reads the messages of a telephone number, by a code sent to it (C1, X1)."""
