"""W3C trace context: the trace of a request goes on into the events it leads to, and into every log line about them."""

import re
import secrets
from urllib.parse import unquote

from shared.personal import holds_person_number

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


PROCESSOR = "dpl.core.foreign_operation.processor"
"""The name under which an application that calls says where its processing register is (Logboek Dataverwerkingen)."""
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+;=%-]{1,200}")


def processor_of(baggage: str) -> str | None:
    """The register of the application that calls, from W3C baggage; none when it does not say, or no address."""
    for entry in baggage.split(",")[:64]:
        name, _, value = entry.partition(";")[0].partition("=")
        found = unquote(value.strip())
        if name.strip() == PROCESSOR and _URL.fullmatch(found) and not holds_person_number(found):
            return found
    return None
