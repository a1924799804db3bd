"""The pages of residents: report, follow, rate; phone first, without an account (C1, X3)."""
