"""A plain-text dump of a portal's page → articles."""
