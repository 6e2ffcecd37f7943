"""The domain services; none imports another."""
