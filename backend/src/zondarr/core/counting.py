"""Numbers in sentences."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "no accounts", "1 account", "2 accounts"."""
    if number == 1:
        return f"1 {one}"
    return f"{number or 'no'} {many or f'{one}s'}"


def sentence(*parts: str) -> str:
    """The parts that say something, as one sentence."""
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}."
