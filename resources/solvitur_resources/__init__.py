"""Bundled data: examples, icons, themes and help pages."""
