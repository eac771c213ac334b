"""Currencies: dated rates, and sums in the currency of the books."""
