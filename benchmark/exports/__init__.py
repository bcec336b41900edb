"""The Report as files."""
