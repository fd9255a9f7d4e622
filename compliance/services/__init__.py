"""Writes of frameworks and their editions."""
