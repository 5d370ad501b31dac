"""One HTML page → an article, or the reason why it is none."""
