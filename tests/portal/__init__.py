"""A bilingual portal with every quirk: `server.py` serves it on loopback, `site.py` says what there is."""
