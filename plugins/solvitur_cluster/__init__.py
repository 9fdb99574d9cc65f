"""Runs workflows on a Dask cluster."""
