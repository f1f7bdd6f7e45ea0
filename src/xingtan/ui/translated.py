"""`{% translate "…" %}` that remembers: a constant text says the same on every page, and a frame holds some thirty."""

from __future__ import annotations

from django.template import Context
from django.template.base import Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class Constant(TranslateNode):
    """A text without variable, filter or context, drawn once a language."""

    kept: dict[str | None, SafeString]

    def render(self, context: Context) -> SafeString:
        language = get_language()
        if language not in self.kept:
            self.kept[language] = super().render(context)
        return self.kept[language]


def translate(parser: Parser, token: Token) -> TranslateNode:
    """Django's tag, its node told to remember where that is safe."""
    node = do_translate(parser, token)
    expression = node.filter_expression
    constant = isinstance(getattr(expression.var, "literal", None), str) and not expression.filters
    if constant and not (node.noop or node.asvar or node.message_context):
        node.__class__, node.kept = Constant, {}
    return node
