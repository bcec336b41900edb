"""Reach where nobody tells it: estimated from what everybody can see, with a range and a back-tested error."""
