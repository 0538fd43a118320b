"""An upstream that does what it is told by the model it is asked for, also what none should do."""
import asyncio
import contextlib
import json
import socket
import struct

USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
ANSWER = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "usage": USAGE,
          "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}]}


def chunk(content=None, finish=None, usage=None):
    choices = [] if usage else [{"index": 0, "delta": {"content": content} if content else {}, "finish_reason": finish}]
    event = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}
    if usage:
        event["usage"] = usage
    return b"data: " + json.dumps(event).encode() + b"\n\n"


def whole(status, body):
    return b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


def answer_of(size):
    text = dict(ANSWER)
    text["choices"] = [{"index": 0, "message": {"role": "assistant", "content": "x" * size}, "finish_reason": "stop"}]
    return json.dumps(text).encode()


class Upstream:
    """Models: `quick`, `slow` (0.2 s), `big` (4 MB), `hang`, `reset`, `error` (500), `stream` (20 events, 10 ms apart),
    `flood` (a stream of 8 MB), `stall` (one event, and no more), `cut` (a stream that breaks)."""

    def __init__(self):
        self.answers = {"quick": answer_of(5), "slow": answer_of(5), "big": answer_of(4_000_000)}
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.listening.getsockname()[1]

    async def serve(self):
        server = await asyncio.start_server(self._serve, sock=self.listening, limit=2**20)
        await server.serve_forever()

    async def _serve(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                body = await reader.readexactly(length)
                if not await self._answer(body[:4096], writer):
                    break
        writer.close()

    async def _answer(self, body, writer):
        """Whether the connection goes on."""
        kind = body.split(b'"model":"', 1)[1].split(b'"', 1)[0].decode()
        if kind in self.answers:
            await asyncio.sleep(0.2 if kind == "slow" else 0)
            writer.write(whole(200, self.answers[kind]))
            await writer.drain()
            return True
        if kind == "error":
            writer.write(whole(500, b'{"error":{"message":"no"}}'))
            return True
        if kind == "reset":
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if kind == "hang":
            await asyncio.sleep(60)
            return False
        return await self._stream(kind, writer)

    async def _stream(self, kind, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")

        async def say(event):
            writer.write(b"%x\r\n%s\r\n" % (len(event), event))
            await writer.drain()

        await say(chunk("Hello"))
        if kind == "stall":
            await asyncio.sleep(60)
            return False
        for _ in range(80 if kind == "flood" else 20):
            if kind != "flood":
                await asyncio.sleep(0.01)
            await say(chunk("x" * (100_000 if kind == "flood" else 4)))
        if kind == "cut":
            return False
        await say(chunk(finish="stop"))
        await say(chunk(usage=USAGE))
        await say(b"data: [DONE]\n\n")
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True


def main():
    upstream = Upstream()
    print(f"listening on {upstream.port}", flush=True)
    asyncio.run(upstream.serve())


if __name__ == "__main__":
    main()
