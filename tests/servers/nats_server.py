#!/usr/bin/env python3
"""A NATS server with JetStream for tests, on loopback.

    nats_server.py start DIR   leaves DIR/nats.json, which tests read
    nats_server.py crash DIR   kills it, and starts it again over what is there
    nats_server.py stop DIR

Ends with 0 and without DIR/nats.json where Debian's package is not installed.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def is_ours(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "nats-server"
    except OSError:
        return False


def stop(folder):
    pid_file = folder / "pid"
    if pid_file.exists():
        pid = int(pid_file.read_text())
        end = time.monotonic() + 5
        while is_ours(pid):
            os.kill(pid, signal.SIGTERM if time.monotonic() < end else signal.SIGKILL)
            time.sleep(0.1)
    shutil.rmtree(folder, ignore_errors=True)


def start(program, folder):
    folder.mkdir(parents=True)
    port = free_port()
    (folder / "nats.conf").write_text(
        f'listen: 127.0.0.1:{port}\n'
        f'jetstream {{ store_dir: "{folder}/data", max_mem: 256MB, max_file: 1GB }}\n')
    (folder / "nats.part").write_text(json.dumps({"url": f"nats://127.0.0.1:{port}",
                                                  "port": port}))
    launch(program, folder, port)
    os.replace(folder / "nats.part", folder / "nats.json")


def crash(program, folder):
    os.kill(int((folder / "pid").read_text()), signal.SIGKILL)
    launch(program, folder, json.loads((folder / "nats.json").read_text())["port"])


def launch(program, folder, port):
    with open(folder / "log", "ab") as log:
        process = subprocess.Popen([program, "-c", folder / "nats.conf"], stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL, start_new_session=True)
    (folder / "pid").write_text(str(process.pid))
    end = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            if time.monotonic() > end or process.poll() is not None:
                sys.exit("nats-server does not start: " + (folder / "log").read_text())
            time.sleep(0.1)


def main():
    action, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    if action == "crash":
        crash(shutil.which("nats-server"), folder)
        return
    stop(folder)
    program = shutil.which("nats-server")
    if action == "stop":
        return
    if program is None:
        print("no NATS server installed (./run test installs one)")
        return
    start(program, folder)


if __name__ == "__main__":
    main()
