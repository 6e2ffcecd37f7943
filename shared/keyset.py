"""The issuer's public keys (JWKS): fetched from its address, kept for a while, asked anew when a key is unknown."""

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import orjson
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared import logging

log = logging.get(__name__)
_KEEP_SECONDS = 3_600.0
_AGAIN_SECONDS = 30.0
"""An unknown key makes us ask again, but never more often than this: anybody can send a token with a strange key."""
Fetch = Callable[[str], bytes]


def fetch(url: str) -> bytes:
    """What stands at an address: `https://…`, `http://…`, or a file on this machine. Raises OSError or HTTPError."""
    if urlsplit(url).scheme == "file":
        return Path(urlsplit(url).path).read_bytes()
    answer = httpx.get(url, timeout=5.0, follow_redirects=False)
    return answer.raise_for_status().content


class Keys:
    """The keys at an address. While it does not answer the last known keys hold."""

    def __init__(self, url: str, get: Fetch = fetch, now: Callable[[], float] = time.monotonic) -> None:
        self._url, self._get, self._now = url, get, now
        self._keys = KeySet([])
        self._asked: float | None = None

    def __call__(self, fresh: bool = False) -> KeySet:
        """The keys; `fresh` when one was not among them."""
        age = None if self._asked is None else self._now() - self._asked
        if age is None or age > (_AGAIN_SECONDS if fresh or not self._keys.keys else _KEEP_SECONDS):
            self._asked = self._now()
            self._renew()
        return self._keys

    def _renew(self) -> None:
        try:
            self._keys = KeySet.import_key_set(orjson.loads(self._get(self._url)))
        except (OSError, httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as trouble:
            log.warning("the issuer's keys cannot be had", error=type(trouble).__name__)
