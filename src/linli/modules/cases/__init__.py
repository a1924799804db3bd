"""Cases from report to closed, verified and rated (capabilities C1, C2, C3)."""
