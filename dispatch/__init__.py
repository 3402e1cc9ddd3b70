"""The business floor: documents, rules, planning."""
