"""What editors do with files beside writing: start a story, start a translation, see what is missing."""
