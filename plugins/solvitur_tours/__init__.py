"""Our own tour improver for large routing problems."""
