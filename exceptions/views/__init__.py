"""The pages of exceptions."""
