"""The commands of `./portal`: what runs before Django, or without it."""
