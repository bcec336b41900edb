"""Pages about people and keys. Each checks who asks, calls one function, and renders."""
