"""What an industry is like: published figures, and the cohorts of this installation."""
