"""Runs a watch in a terminal of its own: it checks, checks again at a save, takes its keys, and ends at q."""

import os
import pathlib
import pty
import select
import sys
import time

SOURCE = pathlib.Path("chapters/01-single-node/src/key.rs")
seen = ""


def await_text(terminal: int, text: str) -> None:
    """Reads until the text has been shown since the last call."""
    global seen
    end = time.monotonic() + 120
    while text not in seen:
        left = end - time.monotonic()
        if left < 0 or not select.select([terminal], [], [], left)[0]:
            sys.exit(f"FAILED: watch does not show '{text}'; it shows:\n{seen}")
        seen += os.read(terminal, 65536).decode(errors="replace")
    seen = seen.split(text, 1)[1]


child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
await_text(terminal, "hint 1.1")
time.sleep(1)
given = SOURCE.read_text()
SOURCE.write_text(given + "\n")
await_text(terminal, "hint 1.1")
SOURCE.write_text(given)
await_text(terminal, "hint 1.1")
time.sleep(1)
os.write(terminal, b"h")
await_text(terminal, "hint 1 of")
os.write(terminal, b"n")
await_text(terminal, "Keys that stay apart")
os.write(terminal, b"q")
_, status = os.waitpid(child, 0)
if os.waitstatus_to_exitcode(status) != 1:
    sys.exit(f"FAILED: watch ended with {os.waitstatus_to_exitcode(status)}, expected 1: exercises are open")
print("watch: checks, checks again at a save, takes its keys, ends at q")
