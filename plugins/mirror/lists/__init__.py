"""What lists articles: feeds, sitemaps, index pages, web archives, folders."""
