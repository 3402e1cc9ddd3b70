"""Reads sheets that people keep: tickets, engineers, shifts and customers, from CSV and Excel.

An importer gives drafts, refused rows with every fault, and doubts. Nothing is looked up, stored or raised.
"""
