"""The measures: each defined once, computed once, the same for whoever asks."""
