"""Serve the portal while it is being edited: build, show, rebuild on every save, reload the browser."""
