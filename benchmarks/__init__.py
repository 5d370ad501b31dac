"""How fast builds, the preview and the mirror are, measured on newspapers made for it."""
