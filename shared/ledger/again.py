"""What is known of items that were handled: the same again gets the same answer, something else is refused."""

from typing import Any

from shared.ledger.model import Answer, Item, Work
from shared.refusals import Refused


def kept(item: Item) -> dict[str, Any] | None:
    """What is needed to give the same answer again: of which body or content it was, and a refusal when it was one."""
    found: dict[str, Any] = {"digest": item.digest} if item.digest else {}
    if item.content is not None:
        found["content"] = dict(item.content)
    if item.refused is not None:
        found |= {"code": item.refused.code, "field": item.refused.field}
    return found or None


def answered(work: Work, item: Item, seen: set[tuple[str, str]]) -> Answer:
    """The item was handled before. The same request asking again gets the same answer."""
    request, stored = work.known[(item.source, item.id)]
    if item.content is not None:
        return _numbered(item, stored or {})
    if item.digest is not None and stored is not None and stored.get("digest") != item.digest:
        return Answer("rejected", item.case_id, "key_reused", "Idempotency-Key")
    seen.add((item.source, item.id))
    if stored is not None and "code" in stored:
        return refused(item, Refused(stored["code"], stored.get("field")))
    same_request = item.request is not None and request == item.request
    return Answer("accepted" if same_request else "duplicate", item.case_id, stored=stored)


def _numbered(item: Item, stored: dict[str, Any]) -> Answer:
    """A source's own number means one thing, by whichever door it comes and however often."""
    before, now = stored.get("content", {}), item.content or {}
    differs = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)} | set(item.differs)
    if differs:
        return Answer("rejected", item.case_id, "number_reused", differs=tuple(sorted(differs)))
    return Answer("duplicate", item.case_id, stored=stored)


def refused(item: Item, no: Refused) -> Answer:
    """The answer that says no."""
    return Answer("rejected", item.case_id, no.code, no.field, no.possible, early=no.early)
