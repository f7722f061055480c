"""A report as one HTML file: a bar chart and a table, without another library."""

from html import escape

import polars as pl


def bar_chart(df: pl.DataFrame, label: str, value: str) -> str:
    """One horizontal bar for each row, as SVG; it takes the text colour of its page.

    A row without a number has a dash.
    """
    longest = max(df[value].max() or 0, 1)
    rows = []
    for i, (name, number) in enumerate(df.select(label, value).iter_rows()):
        y, width = 28 * i, 300 * (number or 0) / longest
        said = "–" if number is None else f"{number:,.2f}"
        rows.append(
            f'<text x="110" y="{y + 17}" text-anchor="end">{escape(str(name))}</text>'
            f'<rect x="120" y="{y + 3}" width="{width:.0f}" height="20" fill="#4e79a7"/>'
            f'<text x="{width + 126:.0f}" y="{y + 17}">{said}</text>'
        )
    height = 28 * len(rows)
    return (
        f'<svg viewBox="0 0 520 {height}" width="100%" style="max-width: 40em" role="img" '
        f'aria-label="{escape(value)} by {escape(label)}" fill="currentColor" '
        f'font-family="sans-serif" font-size="13">{"".join(rows)}</svg>'
    )


def report_html(title: str, df: pl.DataFrame, label: str, value: str) -> str:
    """The whole page."""
    head = "".join(f"<th>{escape(name)}</th>" for name in df.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(x))}</td>" for x in row) + "</tr>" for row in df.rows()
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1>{bar_chart(df, label, value)}"
        f"<table><tr>{head}</tr>{body}</table></html>\n"
    )
