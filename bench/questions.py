"""What the list of people is asked for: the parameters of its address."""

LIMIT = 50
QUESTIONS: dict[str, dict[str, str]] = {
    "by name": {},
    "newest first": {"sort": "-created_at"},
    "by end of access": {"sort": "expires_at"},
    "q=people.ex": {"q": "people.ex"},
}
