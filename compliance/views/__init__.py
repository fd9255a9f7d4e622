"""The pages of frameworks and requirements."""
