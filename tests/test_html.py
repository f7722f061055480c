"""What the builder writes is safe by construction; what it reads is what marimo wrote."""

import pytest

from proven.errors import ProvenError
from proven.html import GAP, Html, contents, h, halves, join, parsed, text, value

HOSTILE = ['"><script>alert(1)</script>', "' onload='x()", "</p><img src=x onerror=x()>", "&lt;"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_text_stays_a_text_wherever_it_is_put(hostile: str) -> None:
    made = parsed(h("p", hostile, h("b", hostile), title=hostile, data_x=hostile, class_=hostile))
    (p,) = made
    assert [p.tag, *(child.tag for child in p)] == ["p", "b"]
    assert p.text == p[0].text == p.get("title") == p.get("data-x") == p.get("class") == hostile
    assert set(p.keys()) == {"title", "data-x", "class"}
    assert parsed(join([hostile, h("i")], hostile)).text_content() == hostile * 2


@pytest.mark.parametrize("name", ["href", "src", "action", "formaction"])
@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_could_act_is_refused(name: str, address: str) -> None:
    with pytest.raises(ProvenError, match="an address that a page may not have"):
        h("a", "x", **{name: address})


@pytest.mark.parametrize(
    "address",
    [
        "#here",
        "../a/b.html?c:d",
        "https://example.org/",
        "mailto:a@b",
        "data:image/png;base64,AA==",
    ],
)
def test_an_address_that_leads_somewhere_stands(address: str) -> None:
    assert parsed(h("a", "x", href=address))[0].get("href") == address


def test_truth_values_and_numbers_are_attributes_of_their_kind() -> None:
    assert h("input", disabled=True, checked=False, value="", name=None) == (
        '<input disabled value="">'
    )
    assert h("p", 1, tabindex=1) + h("p", tabindex=True) == '<p tabindex="1">1</p><p tabindex></p>'
    assert h("rect", x=0) + h("br") == '<rect x="0"/><br>'


def test_an_element_has_two_halves_round_its_gap() -> None:
    assert halves(h("div", "a", GAP, h("b", "c"))) == ("<div>a", "<b>c</b></div>")


def test_an_output_is_read_as_it_stands() -> None:
    html = "a<!-- no --><p data-x='{&quot;y&quot;: 1}'>b &amp; <i>c</i></p>d<p>é"
    first, p, between, last = contents(parsed(html))
    assert (first, between) == ("a", "d") and last.text == "é"  # type: ignore[union-attr]
    assert value(p, "x") == {"y": 1} and value(p, "z", 2) == 2
    assert text("<b> n <i>1</i></b>") == "n 1" and text(None) == ""


def test_only_html_is_html() -> None:
    assert join(["<", Html("<br>")]) == "&lt;<br>"
