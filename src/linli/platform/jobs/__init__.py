"""Work queued in the same transaction as the change that asked for it."""
