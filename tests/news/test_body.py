from news.body import clean_html, picture_digests, plain_text, replace_pictures, split_blocks, split_for_signup

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
    assert replace_pictures(body, lambda digest: f"[{digest}]") == (
        f'<figure>[{DIGEST}]</figure><img src="https://x.example/y.jpg">'
    )
