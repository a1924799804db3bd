"""Who is told: in-app notices and e-mail, with preferences."""
