"""Commands of Django's that the portal does its own way. An app of its own, since it has to stand before Django's."""
