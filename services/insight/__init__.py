"""insight: what the log tells, counted. It hears every service and states nothing."""
