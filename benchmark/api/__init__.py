"""The REST door: checks the key, asks a lower layer for one thing, and renders it."""
