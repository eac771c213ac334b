"""What the business does: one verb per function, in the caller's transaction."""
