"""Reading YAML that a person wrote by hand: plain mappings and lists, each field once, nothing that unfolds."""

from __future__ import annotations

from typing import Any

import yaml

MAX_DEPTH = 20


class _PlainLoader(yaml.SafeLoader):
    """The safe loader without aliases: a few of them, nested, unfold into more than any memory holds."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose one node. Raises ComposerError at an alias, at a field given twice, and below MAX_DEPTH."""
        if self.check_event(yaml.AliasEvent):
            raise _problem("aliases (*name) are not used here", self.peek_event())  # type: ignore[no-untyped-call]
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _problem(f"it is nested deeper than {MAX_DEPTH} levels", self.peek_event())  # type: ignore[no-untyped-call]
        node = super().compose_node(parent, index)
        self.depth -= 1
        if isinstance(node, yaml.MappingNode):
            _refuse_repeated(node)
        return node


def read_yaml(text: str) -> tuple[yaml.Node | None, Any]:
    """A YAML document as its nodes, which know their lines, and as plain values. Raises YAMLError or ValueError."""
    loader = _PlainLoader(text)
    try:
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node is not None else None
    finally:
        loader.dispose()


def _refuse_repeated(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode):
            if key.value in seen:
                raise _problem(f"`{key.value}` is given twice", key)
            seen.add(key.value)


def _problem(words: str, at: Any) -> yaml.composer.ComposerError:
    return yaml.composer.ComposerError(None, None, words, at.start_mark)
