"""Leads and opportunities, and what is expected to come of them."""
