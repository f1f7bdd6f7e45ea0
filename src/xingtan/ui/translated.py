"""`{% translate "…" %}` that remembers: a constant text says the same on every page, and a frame holds some thirty."""

from __future__ import annotations

from django.template import Context
from django.template.base import Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language


class Constant(TranslateNode):
    """A text without variable, filter or context, drawn once a language."""

    def __init__(self, node: TranslateNode) -> None:
        super().__init__(node.filter_expression, noop=False)
        self.kept: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self.kept:
            self.kept[language] = super().render(context)
        return self.kept[language]


def translate(parser: Parser, token: Token) -> TranslateNode:
    """Django's tag, made to remember where that is safe."""
    node = do_translate(parser, token)
    expression = node.filter_expression
    constant = isinstance(getattr(expression.var, "literal", None), str) and not expression.filters
    if constant and not (node.noop or node.asvar or node.message_context):
        return Constant(node)
    return node
