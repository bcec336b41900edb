"""Who may pass: people, their workspaces, the keys and credentials that belong to them."""
