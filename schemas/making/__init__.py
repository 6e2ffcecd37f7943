"""How each kind of file in this folder is made, from the code's own models."""
