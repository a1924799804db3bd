"""Attachments: checked by content, cleaned, stored under a hashed name, served by scope."""
