"""Who may do what where: accounts, posts, roles, grants, and the scope of every row."""
