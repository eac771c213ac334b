"""Who will probably not order again, why, and what acting would be worth."""
