"""The tables of an article as its page shows them."""

import pytest

from news.body_tables import with_tables


def table(*rows: str) -> str:
    """A table of rows whose cells stand between bars."""
    cells = ("".join(f"<td>{cell}</td>" for cell in row.split("|")) for row in rows)
    return f"<table>\n<tbody>{''.join(f'<tr>{row}</tr>' for row in cells)}</tbody>\n</table>"


def columns_in_line(*rows: str) -> list[str]:
    """The cells that are marked as figures, in order."""
    return [piece.partition("</td>")[0] for piece in with_tables(table(*rows)).split('<td class="figure">')[1:]]


def test_a_column_of_figures_is_marked_with_its_head():
    head = '<thead><tr><th scope="col">Item</th><th scope="col">Amount</th></tr></thead>'
    assert with_tables(
        f'<p>1</p><table><caption>A <em>"B"</em></caption>{head}<tbody>'
        '<tr><th scope="row">Profit</th><td>$612,000<sup>1</sup></td></tr>'
        '<tr><th scope="row">Pay</th><td><strong>+ $140,000</strong></td></tr></tbody></table>'
    ) == (
        '<p>1</p><div class="table"><table><caption>A <em>"B"</em></caption>'
        '<thead><tr><th scope="col">Item</th><th class="figure" scope="col">Amount</th></tr></thead><tbody>'
        '<tr><th scope="row">Profit</th><td class="figure">$612,000<sup>1</sup></td></tr>'
        '<tr><th scope="row">Pay</th><td class="figure"><strong>+ $140,000</strong></td></tr></tbody></table></div>'
    )


@pytest.mark.parametrize(
    "figure", ["7", "− $126,000", "(3.5 %)", "$1.2M", "4–6", "2.1x", "€40", "$3.4bn", "12/31/2026"]
)
def test_what_is_a_figure(figure: str):
    assert columns_in_line("Item|Amount", f"Cars|{figure}", "Trucks|—", "Vans|n/a", "Parts|") == [
        *("Amount", figure, "—", "n/a", "")
    ]


@pytest.mark.parametrize("words", ["Near Atlanta", "140 cars", "Q3 2026", "F-150", "Model 3"])
def test_one_cell_of_words_makes_a_column_of_words(words: str):
    assert columns_in_line("Item|Amount", "Cars|7", f"Trucks|{words}") == []


def test_a_column_without_any_figure_and_the_names_of_rows_are_no_figures():
    assert columns_in_line("Year|Sold", "2025|—", "2026|") == []


def test_merged_cells_leave_a_table_as_it_is_but_for_its_box():
    merged = table("Item|Amount", "Cars|7").replace("<td>Item", '<td colspan="2">Item')
    assert with_tables(merged) == f'<div class="table">{merged}</div>'


def test_a_table_that_may_scroll_is_reached_by_keys_and_named():
    wide = table("Group|Base|Known for", "AN|Florida|One name")
    box = '<div class="table" tabindex="0" role="group" aria-label="'
    assert with_tables(wide) == f'{box}Table">{wide}</div>'
    named = wide.replace("<tbody>", "<caption>Six &amp; <em>all</em></caption><tbody>")
    assert with_tables(named) == f'{box}Six &amp; all">{named}</div>'


def test_of_tables_within_tables_the_inner_has_the_box():
    inner = table("1")
    assert with_tables(f"<table><tr><td>{inner}</td></tr></table>") == (
        f'<table><tr><td><div class="table">{inner}</div></td></tr></table>'
    )


def test_a_table_without_rows_is_no_trouble():
    assert with_tables("<table></table>") == '<div class="table"><table></table></div>'
