"""Pages of saved views, and of files on their way."""
