"""The tables of an article as its page shows them: figures in line, and a box that scrolls on narrow screens."""

import re
from html import escape
from itertools import count

from news.body import plain_text

# As the allow-list writes them. Of tables within tables only the innermost are touched.
_TABLE = re.compile(r"<table>(?:(?!<table>).)*?</table>", re.DOTALL)
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
_ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
_CELL = re.compile(r"""<(t[dh])((?:"[^"]*"|[^">])*)>(.*?)</\1>""", re.DOTALL)
# Such as “$612,000”, “− $1.2M”, “(3.5 %)”, “4–6” and “2.1x”.
_FIGURE = re.compile(r"(?=[^a-zA-Z]*\d)[^a-zA-Z]+(?:bn|[KMBkmx])?")
_NO_FIGURE = {"", "-", "–", "—", "n/a"}
FITS_ANY_PHONE = 2  # Columns.


def with_tables(html: str) -> str:
    """Mark the columns of figures and give each table its box, which keys reach if it may scroll."""
    return _TABLE.sub(_boxed, html)


def _boxed(table: re.Match[str]) -> str:
    rows = [[plain_text(cell[3]) for cell in _CELL.finditer(row)] for row in _ROW.findall(table[0])]
    figures = _columns_of_figures(rows) if "span=" not in table[0] else set()

    def with_classes(row: re.Match[str]) -> str:
        column = count()
        return _CELL.sub(lambda cell: _figure(cell) if next(column) in figures else cell[0], row[0])

    caption = _CAPTION.search(table[0])
    name = escape(plain_text(caption[1])) if caption else "Table"
    is_wide = max(map(len, rows), default=0) > FITS_ANY_PHONE
    box = f'<div class="table" tabindex="0" role="group" aria-label="{name}">' if is_wide else '<div class="table">'
    return f"{box}{_ROW.sub(with_classes, table[0])}</div>"


def _columns_of_figures(rows: list[list[str]]) -> set[int]:
    """The columns that hold figures alone. The first row may be heads, the first column names the rows (“2026”)."""
    columns: dict[int, set[str]] = {}
    for row in rows[1:]:
        for number, words in enumerate(row[1:], start=1):
            columns.setdefault(number, set()).add(words)
    return {
        number
        for number, cells in columns.items()
        if (said := cells - _NO_FIGURE) and all(_FIGURE.fullmatch(words) for words in said)
    }


def _figure(cell: re.Match[str]) -> str:
    return f'<{cell[1]} class="figure"{cell[2]}>{cell[3]}</{cell[1]}>'
