"""Articles → files of content/, again and again, without losing an editor's word."""
