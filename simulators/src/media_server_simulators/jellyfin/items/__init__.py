"""Titles as the API lists and shows them, with what each user did with them."""
