"""W3C trace context: the trace of a request goes on into the events it leads to, and into every log line about them."""

import re
import secrets

_FORM = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-[0-9a-z-]*)?")


def continued(traceparent: str) -> str:
    """The caller's trace with a span of our own; a new trace when there is none, or none that is sound."""
    found = _FORM.fullmatch(traceparent)
    trace_id, flags = (found[1], found[3]) if found else (secrets.token_hex(16), "01")
    return f"00-{trace_id}-{secrets.token_hex(8)}-{flags}"


def new_trace() -> str:
    """A trace that starts here."""
    return continued("")


def ids(traceparent: str) -> dict[str, str]:
    """What a log line says of a trace. Nothing when it is not sound: it came from outside and may hold anything."""
    found = _FORM.fullmatch(traceparent)
    return {"trace_id": found[1], "span_id": found[2]} if found else {}
