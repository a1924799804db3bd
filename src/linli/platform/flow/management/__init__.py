"""Commands of the life cycles."""
