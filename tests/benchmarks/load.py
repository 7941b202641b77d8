"""A small load generator: bounded, on this machine only, one connection for each request as sync workers have it."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

HOST = "127.0.0.1"
MOST_REQUESTS = 4000
LIMIT = 1 << 22

Fields = Mapping[str, list[str]]


class UnexpectedStatusError(Exception):
    """A measured request did not do what it should: its time would mean nothing."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: str
    cookies: dict[str, str]


@dataclass(slots=True)
class Person:
    """Somebody signed in to one of the two applications."""

    port: int
    cookies: dict[str, str]

    async def get(self, path: str) -> Reply:
        return await self._send("GET", path, b"")

    async def post(self, path: str, fields: Fields) -> Reply:
        return await self._send("POST", path, urlencode(fields, doseq=True).encode())

    async def _send(self, method: str, path: str, body: bytes) -> Reply:
        headers = {
            "Host": f"{HOST}:{self.port}",
            "Connection": "close",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        }
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        reader, writer = await asyncio.open_connection(HOST, self.port, limit=LIMIT)
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        received = await reader.read(-1)
        writer.close()
        head, _blank, content = received.partition(b"\r\n\r\n")
        reply = Reply(int(head[9:12]), content.decode("latin-1"), _cookies(head.decode("latin-1")))
        self.cookies.update(reply.cookies)
        return reply


def _cookies(head: str) -> dict[str, str]:
    found: SimpleCookie = SimpleCookie()
    for line in head.split("\r\n"):
        name, _colon, value = line.partition(": ")
        if name.lower() == "set-cookie":
            found.load(value)
    # Messages would pile up in a browser that never shows them.
    return {name: morsel.value for name, morsel in found.items() if name != "messages"}


Act = Callable[[], Awaitable[float]]


async def timed(reply: Awaitable[Reply], wanted: int) -> float:
    """Milliseconds that a reply took."""
    begun = time.perf_counter()
    got = await reply
    took = time.perf_counter() - begun
    if got.status != wanted:
        raise UnexpectedStatusError(f"{got.status} instead of {wanted}: {got.body[:400]}")
    return took * 1000


async def repeat(acts: list[Act], seconds: float) -> list[float]:
    """Every act in a loop of its own, all at once, until the time is over."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def loop(act: Act) -> None:
        while time.perf_counter() < end and len(times) < MOST_REQUESTS:
            times.append(await act())

    await asyncio.gather(*(loop(act) for act in acts))
    return times


def quantile(times: list[float], part: float) -> float:
    ordered = sorted(times)
    place = (len(ordered) - 1) * part
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
