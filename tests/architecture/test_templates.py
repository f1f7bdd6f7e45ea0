"""Every template under the rules of the content security policy, of translation and of forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "xingtan"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
RULES = {
    "an inline style": r"<style|\sstyle\s*=",
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an event attribute": r"\son[a-z]+\s*=",
    "hx-on": r"hx-on",
    "a javascript address": r"javascript:|hx-vals\s*=\s*[\"']js:",
    "a foreign address": r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
    "a computation": r"\{%\s*(?:widthratio|load)\s",
}
# What Django hands over as HTML: help texts are written by us, never typed by a user.
SAFE = {"ui/forms/field.html": 1}
LOAD = {"ui/forms/form.html", "ui/forms/grouped.html", "ui/forms/summary.html", "ui/forms/field.html"}
# Written to a file that must look right wherever it is opened: it carries its styles, and no policy of ours reaches it.
BY_ITSELF = {"reports/standalone.html"}
TRANSLATED = re.compile(
    r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}|\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}|\{%\s*translate\b.*?%\}"
    r"|_\(\"[^\"]*\"\)|_\('[^']*'\)",
    re.DOTALL,
)
CHINESE = re.compile(r"[\u3400-\u9fff]")


def name(path: Path) -> str:
    return str(path).split("templates/")[-1]


def faults(text: str, where: str = "") -> list[str]:
    allowed = {"a computation": LOAD, "an inline style": BY_ITSELF}
    found = [rule for rule, pattern in RULES.items() if re.search(pattern, text) and where not in allowed.get(rule, ())]
    if text.count("|safe") > SAFE.get(where, 0):
        found.append("unescaped output")
    posts = [
        form for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL) if re.search(r"method\s*=\s*[\"']post", form, re.IGNORECASE)
    ]
    found += ["a form without csrf_token" for form in posts if "csrf_token" not in form]
    bare = TRANSLATED.sub("", text)
    found += [f"a text outside the catalogue: {line.strip()}" for line in bare.splitlines() if CHINESE.search(line)]
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_keeps_the_rules(path):
    assert not faults(path.read_text(encoding="utf-8"), name(path))


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>go()</script>",
        '<a onclick="go()">',
        '<a hx-on:click="go()">',
        '<a href="javascript:go()">',
        '<img src="//elsewhere.example/x.png">',
        "{{ name|safe }}",
        '<form method="post"></form>',
        "<p>你好</p>",
        "{% widthratio a b 100 %}",
    ],
)
def test_each_rule_can_fail(text):
    assert faults(text)


def test_a_good_template_passes():
    assert not faults('<form method="post">{% csrf_token %}<p>{% translate "你好" %}{{ _("好") }}</p></form>{# 注 #}')
