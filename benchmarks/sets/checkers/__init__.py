"""Checkers: each reads an instance's file and routes, judges by the set's own rules, and imports nothing of ours."""
