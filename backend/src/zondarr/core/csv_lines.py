"""Lines of CSV that no spreadsheet runs as formulas."""

import csv
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What spreadsheets take for the start of a formula, or skip before one."""


def csv_line(cells: Sequence[Any]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([_safe(each) for each in cells])
    return text.getvalue()


def _safe(cell: Any) -> str:
    """A cell that no spreadsheet runs as a formula."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat()
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text
