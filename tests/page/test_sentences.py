"""Which sentences of a page state a rule."""

import pytest

from proven.page.sentences import noted, sentences

PAGE = """\
# How do I name task runs?

Write the name in braces: `{item}`. A flow has
the same [option](../x.md). Does a task?

## Why

Prefect fills the template. A placeholder is never checked. marimo takes
every string as it is (also this one).

- One item. It is safe.
- Another item

| a | b |
| --- | --- |
| `x` | kept |
| y | [lost](z.md) |

``` snippet always.py
show: never
```

!!! note "Always"
    Inside a box nothing is lost.

<!-- always -->
"""


def rules(text: str) -> list[str]:
    return [s.text for s in sentences(text.splitlines()) if s.rule]


def test_the_answer_each_row_and_each_general_sentence_are_rules() -> None:
    assert rules(PAGE) == [
        "Write the name in braces: `{item}`.",
        "A flow has the same option.",
        "A placeholder is never checked.",
        "marimo takes every string as it is (also this one).",
        "It is safe.",
        "`x` | kept",
        "y | lost",
        "Inside a box nothing is lost.",
    ]


def test_a_plain_sentence_is_read_and_is_no_rule() -> None:
    said = {s.text: s.rule for s in sentences(PAGE.splitlines())}
    assert said["Prefect fills the template."] is False
    assert said["Does a task?"] is False


def test_a_sentence_knows_where_it_ends() -> None:
    lines = PAGE.splitlines()
    for sentence in sentences(lines):
        before = lines[sentence.line][: sentence.column].rstrip()
        words = sentence.text.split()[-1].rstrip(".?!)|`")
        assert words in before.replace("](z.md", "").replace("](../x.md)", "")[-len(words) - 12 :]


@pytest.mark.parametrize("word", ["always", "Never", "every", "only", "nothing", "any", "at once"])
def test_each_general_word_makes_a_rule(word: str) -> None:
    text = f"# Q?\n\nThe answer.\n\nIt is {word} so.\n"
    assert f"It is {word} so." in rules(text)


def test_a_word_inside_another_makes_none() -> None:
    assert rules("# Q?\n\nThe answer.\n\nMany companies commonly buy safety belts.\n") == [
        "The answer."
    ]


def test_advice_is_a_rule_and_a_link_to_what_comes_next_is_none() -> None:
    text = "# Q?\n\nA.\n\n- Use one. It prints.\n- [Use another](x.md)\n- Useful it is.\n"
    assert rules(text) == ["A.", "Use one."]


def test_notes_of_code_and_what_is_said_of_a_mode_are_read() -> None:
    lines = (
        "# Q?\n\n``` snippet a.py\nnotes:\n  x = 1: One. Never two.\n  y: Use it.\n```\n\n"
        "``` one-file a.py\nsays:\n  edit: It is plain.\n```\n\n``` python\nx: [\n```\n"
    ).splitlines()
    assert [(s.text, s.line, s.rule) for s in noted(lines)] == [
        ("One.", 2, False),
        ("Never two.", 2, True),
        ("Use it.", 2, True),
        ("It is plain.", 8, True),
    ]
