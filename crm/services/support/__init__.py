"""Service: what customers ask, say or complain of, until it is solved."""
