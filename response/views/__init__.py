"""The pages of incident response plans in use."""
