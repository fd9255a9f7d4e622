"""Reminders survive: the real worker, beat, PostgreSQL, broker and a mail server, each ended when it hurts most."""
