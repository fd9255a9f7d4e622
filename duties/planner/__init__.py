"""The year planner: twelve months of the thirteen duties."""
