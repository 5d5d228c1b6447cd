"""Cold start and resident memory, as whole processes, beside the imports they cannot avoid."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.table import middle, show

ROUNDS = 5
IMPORTS = "import starlette, uvicorn, telegram.ext, sqlalchemy"
XIAOER = Path(sys.executable).parent / "xiaoer"


async def main() -> None:
    """Measure help, bare imports and a ready server."""
    rows = [
        ["python -c pass", *_process([sys.executable, "-c", "pass"])],
        ["xiaoer --help", *_process([str(XIAOER), "--help"])],
        [
            IMPORTS,
            *_process([sys.executable, "-c", IMPORTS]),
        ],
        ["xiaoer run, ready", *(await _server())],
    ]
    show(["process", "wall ms", "resident MiB (peak)"], rows)


def _process(command: list[str]) -> tuple[float, float]:
    walls, peaks = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
        _pid, status, usage = os.wait4(process.pid, 0)
        assert status == 0
        walls.append((time.perf_counter() - began) * 1000)
        peaks.append(usage.ru_maxrss / 1024)
    return middle(walls), middle(peaks)


async def _server() -> tuple[float, float]:
    walls, sizes = [], []
    for number in range(3):
        port = 18_180 + number
        with TemporaryDirectory() as folder:
            began = time.perf_counter()
            process = subprocess.Popen(  # noqa: S603, ASYNC220
                [str(XIAOER), "run", "--data", folder],
                env={**os.environ, "XIAOER_WEB__PORT": str(port)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            await _answers(port)
            walls.append((time.perf_counter() - began) * 1000)
            status = Path(f"/proc/{process.pid}/status").read_text("ascii")  # noqa: ASYNC240
            found = re.search(r"VmRSS:\s+(\d+)", status)
            assert found
            sizes.append(int(found[1]) / 1024)
            process.send_signal(signal.SIGTERM)
            process.wait()
    return middle(walls), middle(sizes)


async def _answers(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.01)
            continue
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        line = await reader.readline()
        writer.close()
        if b" 200 " in line:
            return
    message = "the server did not answer within 30 seconds"
    raise TimeoutError(message)
