"""The plugins window: what is installed, what it provides, and how to get more."""
