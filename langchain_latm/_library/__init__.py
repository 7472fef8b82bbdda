"""What a tool library keeps in its store, and how."""
