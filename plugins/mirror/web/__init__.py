"""Fetching addresses, with manners and within limits."""
