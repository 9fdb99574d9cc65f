"""Sweeps: options that range, the runs of their combinations, and which of them are worth their cost."""
