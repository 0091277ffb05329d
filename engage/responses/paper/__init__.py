"""Taking part on paper and by telephone: forms printed with serial numbers, and typed in by officers."""
