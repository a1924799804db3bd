"""The desk of officials and community workers."""
