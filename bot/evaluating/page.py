"""Writes what was measured, and every miss, as one page that opens without a network."""

from collections.abc import Sequence
from html import escape

from bot.evaluating import texts
from bot.evaluating.tables import Row, Table
from knowledge.evaluation import Judged

_STYLE = (
    "body{font:16px/1.6 sans-serif;margin:2em;max-width:90em}"
    "table{border-collapse:collapse;margin:1em 0}"
    "th,td{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top}"
)


def page(tables: Sequence[Table], missed: Sequence[Judged]) -> str:
    """Return the page."""
    every = [*tables, Table(texts.MISSES, texts.MISSES_HEAD, [_miss(one) for one in missed])]
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{texts.TITLE}</title>'
        f"<style>{_STYLE}</style><h1>{texts.TITLE}</h1>"
        f"<p>{texts.NOTE}</p><p>{texts.FOLDS_NOTE}</p>{''.join(map(_table, every))}</html>\n"
    )


def _table(table: Table) -> str:
    rows = "".join(_row(row, "td") for row in table.rows)
    return f"<h2>{escape(table.title)}</h2><table>{_row(table.head, 'th')}{rows}</table>"


def _row(row: Row, tag: str) -> str:
    cells = "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
    return f"<tr>{cells}</tr>"


def _miss(one: Judged) -> Row:
    shown = "; ".join(
        f"{each.entry} {each.confidence:.2f} {' '.join(each.citations)}"
        for each in one.answer.candidates
    )
    wanted = one.question.intent or " ".join((*one.question.key, *one.question.entries))
    return (
        one.question.id, one.question.text, wanted, one.answer.intent,
        one.answer.decision or "", shown,
    )  # fmt: skip
