"""Apache Kafka and PostgreSQL as ordinary child processes, for a machine with Python and nothing else."""
