"""Serve the portal while it is being edited: the site is kept in memory, and a saved file shows at once."""
