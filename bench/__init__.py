"""The benchmark: a data generator, a load client, and the report; see README.md."""
