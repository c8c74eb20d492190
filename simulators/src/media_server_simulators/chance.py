"""Cheap draws that the same words always repeat; a world makes a hundred thousand."""

import math
from collections.abc import Sequence
from hashlib import blake2b


class Chance:
    """Draws from 512 bits, which last for about forty of them."""

    __slots__ = ("_left",)

    def __init__(self, text: str) -> None:
        self._left = int.from_bytes(blake2b(text.encode()).digest())

    def below(self, limit: int) -> int:
        self._left, drawn = divmod(self._left, limit)
        return drawn

    def between(self, least: int, most: int) -> int:
        return least + self.below(most - least + 1)

    def choice[T](self, from_: Sequence[T]) -> T:
        return from_[self.below(len(from_))]

    def two[T](self, from_: Sequence[T]) -> tuple[T, T]:
        """Two different ones."""
        first = self.below(len(from_))
        second = self.below(len(from_) - 1)
        return from_[first], from_[second + (second >= first)]

    def one_in(self, many: int) -> bool:
        return self.below(many) == 0

    def around(self, middle: float, spread: float) -> float:
        """Log-normal, near enough: four draws stand for a normal one."""
        drawn = sum(self.below(1024) for _ in range(4)) / 1024 - 2
        return math.exp(middle + spread * math.sqrt(3) * drawn)
