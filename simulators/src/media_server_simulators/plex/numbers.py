"""Reading numbers that come as numbers or as text."""

from media_server_simulators.wire import Json


def whole(value: Json) -> int | None:
    """A number of digits alone; None for anything else."""
    text = str(value)
    plain = not isinstance(value, bool) and text.isascii() and text.isdigit()
    return int(text) if plain and len(text) < 18 else None  # noqa: PLR2004  # 64 bits
