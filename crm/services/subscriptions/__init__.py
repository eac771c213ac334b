"""Subscriptions: their terms, renewals and what they bring a month."""
