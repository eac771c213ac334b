"""Leads and opportunities: chances, times, the sales forecast, reports."""
