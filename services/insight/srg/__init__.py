"""The monthly statistics of re-integration by municipalities (SRG): rows from the lake, about nobody by name."""
