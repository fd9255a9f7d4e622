"""Writing a version by hand: the draft's tree, its lines, and accepting or dropping it."""
