"""What a template says the same way on every page of a language, said once: when it is compiled.

A page of the desk names some two hundred words, icons and addresses. Each costs a call at every
reading, though `_("Save")`, `icon("bell")` or `static("linli/css/base.css")` can only answer one
thing in one language. So there is one environment a language, and such calls are replaced by their
answers before the template becomes Python.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

Folded = Callable[..., str]


class FoldingEnvironment(Environment):
    """Compiles templates with the calls in `folds` answered; `folds` is set before the first."""

    folds: dict[str, Folded]

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        folded = Folding(self.folds).visit(source)
        return super()._generate(folded, name, filename, defer_init=defer_init)


class Folding(NodeTransformer):
    """Replaces calls of known names with constant arguments by what they answer."""

    def __init__(self, folds: dict[str, Folded]) -> None:
        self.folds = folds

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the visitor's own naming
        """The call, or its answer."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        fold = self.folds.get(node.node.name)
        if fold is None:
            return node
        try:
            given = [argument.as_const() for argument in node.args]
            named = {one.key: one.value.as_const() for one in node.kwargs}
        except nodes.Impossible:
            return node
        return _constant(fold(*given, **named), node)


def _constant(value: Any, at: nodes.Node) -> nodes.Const:
    safe = hasattr(value, "__html__")
    const = nodes.Const(Markup(value) if safe else value)  # noqa: S704  # nosec B704 - said to be safe already
    return const.set_lineno(at.lineno)  # type: ignore[return-value]
