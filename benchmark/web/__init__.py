"""Pages: check who may pass, ask for one value, render it."""
