"""How long it lasts: Kaplan-Meier, log-rank, Cox."""
