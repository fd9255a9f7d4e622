"""The pages of audits and programmes."""
