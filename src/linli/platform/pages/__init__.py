"""The look: tokens, layouts and components every page is made of.

Carries X3 (for everyone: elderly mode, contrast, two languages) for all other capabilities.
"""
