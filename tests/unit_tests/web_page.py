"""A page of HTML for tests: its elements in order, with their texts and references."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Self

_EMPTY = {"meta", "input", "path", "line", "rect", "link", "img", "br"}


class Element:
    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.parts: list[str] = []
        self.inner: list[Element] = []

    @property
    def text(self) -> str:
        """What it says, with white space as a reader sees it."""
        return " ".join("".join(self.parts).split())

    def all(self, tag: str, class_: str = "") -> list[Element]:
        """The elements inside with a tag, and with a class."""
        return [
            each for each in self.inner if each.tag == tag and class_ in ["", *each.attributes.get("class", "").split()]
        ]

    def one(self, tag: str, class_: str = "") -> Element:
        (found,) = self.all(tag, class_)
        return found


class Page(HTMLParser, Element):
    def __init__(self, html: str) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)
        Element.__init__(self, "page", {})
        self._open: list[Element] = [self]
        self.feed(html)
        self.close()

    @classmethod
    def of(cls, html: str) -> Self:
        return cls(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        for outer in self._open:
            outer.inner.append(element)
        if tag not in _EMPTY:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> ends <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for outer in self._open:
            outer.parts.append(data)

    def tool(self, name: str) -> Element:
        (found,) = (each for each in self.inner if each.attributes.get("id") == f"tool-{name}")
        return found
