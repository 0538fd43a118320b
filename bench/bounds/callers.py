"""Callers of all kinds, good and bad; each notes how it fared."""
import asyncio
import contextlib
import json
import time

JSON = b"Content-Type: application/json\r\n"
PATH = b"/v1/chat/completions"
REFUSALS = {503: {"PLATFORM_OVERLOADED", "PLATFORM_DEPENDENCY_UNAVAILABLE"}, 408: {"PLATFORM_REQUEST_TIMEOUT"},
            413: {"PLATFORM_REQUEST_TOO_LARGE"}}


def body_of(model, size=0, stream=False):
    text = {"model": model, "stream": stream, "messages": [{"role": "user", "content": "x" * (size or 5)}]}
    return json.dumps(text, separators=(",", ":")).encode()


def head_of(key, length, path=PATH, more=b""):
    return (b"POST %s HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer %s\r\n%s%sContent-Length: %d\r\n\r\n" %
            (path, key.encode(), JSON, more, length))


class Answer:
    def __init__(self, status, headers, body, whole, took):
        self.status, self.headers, self.body, self.whole, self.took = status, headers, body, whole, took

    def fault(self):
        """What is wrong with a refusal's shape; empty when nothing is."""
        if self.status == 200:
            return ""
        try:
            error = json.loads(self.body)["error"]
        except (ValueError, KeyError, TypeError):
            return f"{self.status} without the error shape: {self.body[:100]}"
        expected = REFUSALS.get(self.status)
        if expected and error["code"] not in expected:
            return f"{self.status} with {error['code']}"
        if self.status == 503 and not (error["retry_after"] > 0 and self.headers.get("retry-after")):
            return "503 without Retry-After"
        return ""


async def read_answer(reader, asked_at, slowly=None):
    """`slowly`: bytes a read and seconds between reads."""
    head = await reader.readuntil(b"\r\n\r\n")
    took = time.monotonic() - asked_at
    lines = head.decode().split("\r\n")
    status = int(lines[0].split()[1])
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
    if "content-length" in headers:
        body, left = b"", int(headers["content-length"])
        while left:
            piece = await reader.read(min(left, slowly[0] if slowly else 65536))
            if not piece:
                return Answer(status, headers, body, False, took)
            body += piece
            left -= len(piece)
            if slowly:
                await asyncio.sleep(slowly[1])
        return Answer(status, headers, body, True, took)
    tail = b""
    while True:
        piece = await reader.read(slowly[0] if slowly else 65536)
        if not piece:
            return Answer(status, headers, tail, False, took)
        tail = (tail + piece)[-64:]
        if tail.endswith(b"\r\n0\r\n\r\n"):
            return Answer(status, headers, tail, b"[DONE]" in tail, took)
        if slowly:
            await asyncio.sleep(slowly[1])


@contextlib.asynccontextmanager
async def connected(port, limit=2**16):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=limit)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def ask(port, key, model, size=0, stream=False, slowly=None, headers=b""):
    """One request on a connection of its own; None when the connection broke before an answer. The time is that from
    the whole header sent to the answer's header: a body for which there is no room is not read."""
    body = body_of(model, size, stream)
    try:
        async with connected(port) as (reader, writer):
            asked_at = time.monotonic()
            writer.write(head_of(key, len(body), more=headers))
            sending = asyncio.ensure_future(send(writer, body))
            try:
                return await read_answer(reader, asked_at, slowly)
            finally:
                sending.cancel()
    except (OSError, asyncio.IncompleteReadError, ValueError):
        return None


async def send(writer, body):
    with contextlib.suppress(OSError):
        for start in range(0, len(body), 262144):
            writer.write(body[start:start + 262144])
            await writer.drain()


async def trickle(port, key, part):
    """A slow writer: of the header, or of the body, a byte at a time."""
    body = body_of("quick", 200_000)
    head = head_of(key, len(body))
    try:
        async with connected(port) as (reader, writer):
            asked_at = time.monotonic()
            writer.write(head[:40] if part == "header" else head + body[:100])
            answering = asyncio.ensure_future(read_answer(reader, asked_at))
            while not answering.done():
                await asyncio.wait([answering], timeout=0.2)
                if not answering.done():
                    writer.write(b"x")
            return answering.result()
    except (OSError, asyncio.IncompleteReadError, ValueError):
        return None


async def leave(port, key, model, after):
    """Asks for a stream, and goes."""
    body = body_of(model, stream=True)
    with contextlib.suppress(OSError):
        async with connected(port) as (_reader, writer):
            writer.write(head_of(key, len(body)) + body)
            await writer.drain()
            await asyncio.sleep(after)
