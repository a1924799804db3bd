"""The tree of divisions and the grids in it (capabilities P1, P2)."""
