"""Pages of notifications: everyone's preferences, and the outbox for administrators."""
