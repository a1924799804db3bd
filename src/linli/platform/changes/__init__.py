"""The one door through which every row is written, and the entries it leaves."""
