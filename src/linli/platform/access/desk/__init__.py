"""What administrators see: staff, posts, who holds them, lent roles, roles, the sign-in rule."""

from linli.platform.access.desk import posts, roles, staff

desk_urls = staff.desk_urls

__all__ = ["desk_urls", "posts", "roles", "staff"]
