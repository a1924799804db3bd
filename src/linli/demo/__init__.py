"""The demonstration city, made by one seeded generator through the real actions."""
