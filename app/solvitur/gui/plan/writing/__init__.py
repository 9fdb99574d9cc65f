"""The workflow as text or JSON beside its graph."""
