"""The vault: the one place that knows whom a case is about, and holds the key that opens its texts."""
