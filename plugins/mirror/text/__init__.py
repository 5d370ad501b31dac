"""What pages and dumps have in common: words, days, names and punctuation of news texts."""
