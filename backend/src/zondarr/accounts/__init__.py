"""Workspaces, their accounts, sign-in and authorization."""
