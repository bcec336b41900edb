"""What is measured: definitions (declared once), frames of posts and readings, statistics."""
