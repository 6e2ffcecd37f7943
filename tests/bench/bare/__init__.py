"""The ceiling: the least four services in a row can do and still keep every event. No rules, checks or hashes."""
