import re

import pytest
from django.conf import settings

from news.admin.comparison import paragraphs
from news.body import (
    clean_html,
    picture_digests,
    plain_text,
    replace_pictures,
    split_blocks,
    split_for_signup,
    without_signup_marks,
)

DATA = settings.ROOT / "tests" / "data" / "paste"
DIGEST = "0123456789abcdef0123456789abcdef"


def test_scripts_handlers_and_styles_are_dropped_and_words_stay():
    dirty = '<p onclick="x()" style="color:red">Fine<script>alert(1)</script> <span class="x">words</span></p>'
    assert clean_html(dirty) == "<p>Fine words</p>"


def test_links_keep_only_web_and_mail_addresses():
    assert clean_html('<a href="javascript:alert(1)">a</a>') == "<a>a</a>"
    assert clean_html('<a href="/news/x/">a</a>') == '<a href="/news/x/">a</a>'
    assert clean_html('<a href="mailto:a@b.example">a</a>') == '<a href="mailto:a@b.example">a</a>'


def test_only_known_classes_are_kept():
    assert clean_html('<blockquote class="pull evil"><p>q</p></blockquote>') == (
        '<blockquote class="pull"><p>q</p></blockquote>'
    )


def test_control_characters_are_removed():
    assert clean_html("<p>a\x00b\x1bc\ufffe</p>") == "<p>abc</p>"


def test_cleaning_twice_equals_cleaning_once():
    html = (
        '<table><caption>C</caption><tbody><tr><th scope="row">a</th>'
        '<td colspan="2">1 &lt; 2 &amp; 3</td></tr></tbody></table>'
    )
    assert clean_html(html) == html


def test_blocks_are_cut_at_the_top_level_only():
    html = "<p>one</p><blockquote><p>two</p><p>three</p></blockquote><hr><ul><li><p>four</p></li></ul>tail"
    assert split_blocks(html) == [
        "<p>one</p>",
        "<blockquote><p>two</p><p>three</p></blockquote>",
        "<hr>",
        "<ul><li><p>four</p></li></ul>",
        "tail",
    ]


def test_a_quoted_bracket_in_an_attribute_does_not_end_a_tag():
    html = '<p><a href="/x?a>b">link</a></p><p>two</p>'
    assert split_blocks(html) == ['<p><a href="/x?a>b">link</a></p>', "<p>two</p>"]


def test_signup_goes_behind_the_third_paragraph():
    html = "".join(f"<p>{n}</p>" for n in range(1, 8))
    assert split_for_signup(html) == ("<p>1</p>\n<p>2</p>\n<p>3</p>", "<p>4</p>\n<p>5</p>\n<p>6</p>\n<p>7</p>")


def test_signup_does_not_interrupt_a_short_body():
    html = "<p>1</p><p>2</p><p>3</p><p>4</p><p>5</p>"
    assert split_for_signup(html) == (html, "")


def test_plain_text_separates_blocks_and_unescapes():
    assert plain_text("<h2>Ford &amp; GM</h2><ul><li>one</li><li>t<em>w</em>o</li></ul>") == "Ford & GM one two"


def test_pictures_in_a_body_are_found_and_replaced_by_digest():
    body = f'<figure><img src="/media/pictures/masters/01/{DIGEST}.jpg" alt="a > b"></figure><img src="https://x.example/y.jpg">'
    assert picture_digests(body) == [DIGEST]
    assert replace_pictures(body, lambda digest, alt: f"[{digest} {alt}]") == (
        f'<figure>[{DIGEST} a > b]</figure><img src="https://x.example/y.jpg">'
    )


def test_unknown_classes_titles_and_languages_leave_nothing_behind():
    assert clean_html('<p class="MsoNormal" lang="en-US" title="x">a</p><hr class="x">') == "<p>a</p><hr>"
    assert clean_html('<hr class="signup x"><a class="company x" href="/companies/x/">x</a>') == (
        '<hr class="signup"><a class="company" href="/companies/x/">x</a>'
    )


def test_signup_goes_where_the_editor_has_marked_it_also_in_a_short_body():
    mark = '<hr class="signup">'
    assert split_for_signup(f"<p>1</p>{mark}<p>2</p>{mark}<p>3</p>") == ("<p>1</p>", "<p>2</p>\n\n<p>3</p>")
    assert split_for_signup(f"{mark}<p>1</p>") == ("", "<p>1</p>")
    assert split_for_signup(f"<p>1</p>{mark}") == ("<p>1</p>", "")


def test_a_mark_within_another_block_is_only_left_out():
    assert split_for_signup('<blockquote><p>1</p><hr class="signup"></blockquote>') == (
        "<blockquote><p>1</p></blockquote>",
        "",
    )


def test_a_mark_is_no_part_of_the_text():
    body = '<p>1</p>\n<hr class="signup">\n<p>2</p>'
    assert (plain_text(body), without_signup_marks(body)) == ("1 2", "<p>1</p>\n\n<p>2</p>")


def test_a_moved_mark_shows_in_the_comparison_of_two_versions():
    assert paragraphs('<p>1</p><hr class="signup"><p>2</p>') == ["1", "[Newsletter sign-up]", "2"]


@pytest.mark.parametrize("name", ["word", "google-docs", "web-page"])
def test_what_other_programs_write_comes_out_clean_without_the_editor_too(name: str):
    html = clean_html((DATA / f"{name}.html").read_text())
    assert not re.search(r"mso|style|lang=|class=\"Mso|<o:|<span|<font|docs-internal|<!--|<div|id=", html)
    assert clean_html(html) == html
