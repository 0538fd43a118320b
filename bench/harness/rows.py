"""The rows of the table: what is sent, and what must come back."""
import dataclasses
import json

MODEL = "gpt-4o-mini"
CONNECTIONS = 32
CHUNKS = 100
# Between the chunks of a stream, so that each is a packet of its own, as a model's tokens are.
CHUNK_GAP_MS = 1.0
PROSE = "Tell me about the house on the hill, its keeper and the light that it shows to ships at night. "


@dataclasses.dataclass(frozen=True)
class Row:
    number: int
    name: str
    body: bytes
    stream: bool
    bar: float
    reach: float


def body(prompt_bytes, **more):
    prompt = (PROSE * (prompt_bytes // len(PROSE) + 1))[:prompt_bytes]
    messages = [{"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": prompt}]
    return json.dumps({"model": MODEL, "messages": messages, "max_tokens": 256, **more}, separators=(",", ":")).encode()


ROWS = [
    Row(1, "pass-through chat, 700-byte JSON answer", body(300, temperature=0.7), False, 1.5, 1.2),
    Row(2, "the same with a 100 KB request", body(100_000, temperature=0.7), False, 1.5, 1.2),
    Row(3, f"SSE stream of {CHUNKS} small chunks", body(300, stream=True, stream_options={"include_usage": True}),
        True, 1.5, 1.2),
]
STREAM_ROW = ROWS[2]


def whats_wrong(row, status, body):
    """Nothing when this is what the mock upstream answers."""
    if status != 200:
        return f"status {status}: {body[:300].decode(errors='replace')}"
    if not row.stream:
        return None if len(body) == 700 and b'"usage"' in body else f"{len(body)} bytes instead of the mock's 700"
    events = [line for line in body.split(b"\n") if line.startswith(b"data: ")]
    # The role, the chunks, the finish reason, the usage, [DONE].
    if len(events) != CHUNKS + 4 or events[-1] != b"data: [DONE]":
        return f"a stream of {len(events)} events instead of {CHUNKS + 4}, or without [DONE]"
    return None
