"""The look: tokens, layouts and components every page is made of."""
