"""What the field knows and does; a module declares, platform carries."""
