"""One Telegram message through decode, dispatcher, FAQ and durable commit, beside a bare echo.

Both servers run as processes of their own under uvicorn; this one posts the same updates to each in
turn. CPU is the server process's own, from the kernel. FAQ: the shipped entries.
"""

import asyncio
import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.pipeline_server import HEADER, SECRET
from benchmarks.table import middle, quantile, show

ROUNDS = 5
SIZES = {1: 300, 64: 3_000}
PORTS = {"echo": 18_271, "ours": 18_272}
PEOPLE = 200
TICK = os.sysconf("SC_CLK_TCK")
QUESTION = "对物业不满意，可以不交物业费吗？"


async def main() -> None:
    """Measure both, interleaved."""
    with TemporaryDirectory() as folder:
        servers = {name: _start(name, port, folder) for name, port in PORTS.items()}
        try:
            await _measure(servers)
        finally:
            for server in servers.values():
                server.terminate()
                server.wait()


def _start(name: str, port: int, folder: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "benchmarks.pipeline_server", name, str(port), folder]
    return subprocess.Popen(command, cwd=Path(__file__).parent.parent)  # noqa: S603


async def _measure(servers: "dict[str, subprocess.Popen[bytes]]") -> None:
    numbers = itertools.count(1)
    for port in PORTS.values():
        await _ready(port)
    found: dict[tuple[str, int], list[tuple[float, float, float]]] = {}
    for (in_flight, size), _ in itertools.product(SIZES.items(), range(ROUNDS + 1)):
        for name, port in PORTS.items():
            before = _cpu_seconds(servers[name].pid)
            latencies, wall = await _round(port, in_flight, size, numbers)
            cpu = (_cpu_seconds(servers[name].pid) - before) / size * 1e6
            found.setdefault((name, in_flight), []).append(
                (cpu, size / wall, quantile(latencies, 0.5) * 1e6)
            )
    rows: list[list[object]] = []
    for in_flight in SIZES:
        yardstick = middle([cpu for cpu, _, _ in found["echo", in_flight][1:]])
        for name in PORTS:
            figures = found[name, in_flight][1:]
            cpu, rate, p50 = (middle([f[i] for f in figures]) for i in range(3))
            rows.append([name, in_flight, cpu, cpu / yardstick, rate, p50])
    show(["server", "in flight", "CPU µs/message", "of the echo", "messages/s", "p50 µs"], rows)


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


async def _ready(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return


async def _round(
    port: int, in_flight: int, size: int, numbers: "itertools.count[int]"
) -> tuple[list[float], float]:
    left = iter(range(size))
    latencies: list[float] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in left:
            began = time.perf_counter()
            writer.write(_request(next(numbers)))
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            latencies.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(in_flight)))
    return latencies, time.perf_counter() - began


def _request(number: int) -> bytes:
    person = 1000 + number % PEOPLE
    body = json.dumps(
        {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": int(time.time()),
                "chat": {"id": person, "type": "private", "first_name": "x"},
                "from": {"id": person, "is_bot": False, "first_name": "x"},
                "text": QUESTION,
            },
        }
    ).encode()
    head = (
        f"POST /telegram HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"{HEADER}: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
