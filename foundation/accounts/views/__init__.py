"""Pages of accounts: the first visit, the organisation, the rights matrix, the own profile."""
