"""A service's HTTP door over a few kept connections, with next to no time of its own in what is measured."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson

Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Door:
    """One service's address and its idle connections; a new one is opened when none is idle."""

    url: str
    token: str = ""
    """Sent along with every request, unless that brings its own."""
    idle: list[Wire] = field(default_factory=list)

    async def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Status and body of a GET. Raises OSError when the service is away."""
        return await self._ask("GET", path, b"", headers or {})

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body of a POST. Raises OSError when the service is away."""
        return await self._ask("POST", path, body, headers)

    async def json(self, path: str) -> Any:
        """The JSON that a GET answers. Raises OSError when it is not 200."""
        status, body = await self.get(path)
        if status != 200:
            raise ConnectionError(f"{path}: HTTP {status}")
        return orjson.loads(body)

    def close(self) -> None:
        """Close the idle connections."""
        while self.idle:
            self.idle.pop()[1].close()

    def _kept(self) -> Wire | None:
        """An idle connection that the other side did not close meanwhile."""
        while self.idle:
            wire = self.idle.pop()
            if not wire[0].at_eof():
                return wire
            wire[1].close()
        return None

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        where = urlsplit(self.url)
        wire = self._kept() or await asyncio.open_connection(where.hostname, where.port)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {where.netloc}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in ({"Authorization": f"Bearer {self.token}"} | headers).items()]
        try:
            wire[1].write("\r\n".join([*lines, "", ""]).encode() + body)
            answer = await _answer(wire[0])
        except asyncio.IncompleteReadError:
            wire[1].close()
            raise ConnectionError(f"{where.netloc} closed the connection") from None
        except BaseException:
            wire[1].close()
            raise
        self.idle.append(wire)
        return answer


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body; every answer of these doors says its length."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    length = next((int(line[15:]) for line in head if line.lower().startswith("content-length:")), 0)
    return int(head[0].split(" ")[1]), await reader.readexactly(length)
