"""Plugins of others: resolved, staged, tried in a worker process, and only then put in place."""
