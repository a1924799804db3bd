"""Pure rules that know nothing of Django tables: time, numbers, places on earth, text, errors."""
