"""How closed sets of values are called in Chinese: in pictures, in data dictionaries, and where a filter names one."""

from __future__ import annotations

from typing import get_args

from crawler.fact_items import EventType

EVENTS: dict[str, str] = {
    "signing": "签约",
    "groundbreaking": "开工",
    "commissioning": "投产",
    "expansion": "扩产",
    "roadshow": "推介",
    "policy": "政策",
    "funding": "融资",
    "visit": "考察",
    "work_report": "工作报告",
    "statistics": "统计",
}


class UnknownEvent(ValueError):
    """No event of that type; the text is one sentence that says what to do."""


def find_event(text: str) -> str:
    """The event of a type (signing) or its Chinese name (签约). Raises UnknownEvent."""
    wanted = text.strip().lower()
    for event in get_args(EventType):
        if wanted in (event, EVENTS[event]):
            return str(event)
    raise UnknownEvent(f"There is no event {text!r}; choose from {', '.join(get_args(EventType))}.")
