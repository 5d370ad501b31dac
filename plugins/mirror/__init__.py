"""Mirror a source page: a portal's plain-text dump → Markdown files."""
