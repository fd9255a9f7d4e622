"""PostgreSQL and Valkey of this folder's own: started, found, recovered and stopped without Django."""
