"""The project file: an SQLite database, its working copy, claims on it, and how it is saved."""
