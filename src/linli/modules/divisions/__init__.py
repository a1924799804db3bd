"""The tree of divisions and the grids in it (capabilities P1, P2).

Every unit of the country, city or street as it is today, and as it was on any day: names, codes
with their system, parents, what became of what. Units open, close, merge, split and move on a day;
everything below moves with them in one transaction. Grids have outlines on the map, people who
look after them, and dated norms they are measured by.
"""
