"""Routing problems: kind, files, pictures, and OR-Tools' routing library."""
