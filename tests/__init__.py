"""Tests over the whole product, and the cast all tests share."""
