"""The monthly report per municipality: one page for people, of the same figures as the doors give."""
