"""Protections: what an operator wants to be left alone, by which insights."""
