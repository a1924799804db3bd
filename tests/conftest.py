"""Fixtures for the tests of the whole installation."""

from tests.marked_town import town

__all__ = ["town"]
