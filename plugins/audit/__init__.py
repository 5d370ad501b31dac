"""Audit what was built: output/ → Problems."""
