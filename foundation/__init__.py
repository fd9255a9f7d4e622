"""What every duty stands on: one Django app per mechanism, imports point down only."""
