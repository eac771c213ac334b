"""Who buys in the next days, for how much, and what."""
