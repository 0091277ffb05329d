"""Texts that people see."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment

from engage.foundations.language import init_language, lazy


@pytest.mark.parametrize("template", ["{{ text }}", "{{ text | e }}", "{{ [text] | join(', ') }}"])
def test_what_a_lazy_sentence_quotes_is_escaped_in_a_page(template: str) -> None:
    app = Flask(__name__)
    init_language(app)
    page = Environment(loader=DictLoader({"page": template}), autoescape=True).get_template("page")
    with app.app_context():
        shown = page.render(text=lazy("By %(who)s", who="<script>"))
    assert shown == "By &lt;script&gt;"
