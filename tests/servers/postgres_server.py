#!/usr/bin/env python3
"""A PostgreSQL server for tests, on loopback, without passwords.

    postgres_server.py start DIR   leaves DIR/postgres.json, which tests read
    postgres_server.py crash DIR   ends it at once, and starts it again over what is there
    postgres_server.py stop DIR

Ends with 0 and without DIR/postgres.json where Debian's package is not installed.
"""

import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys


def programs():
    """The directory of the newest version that is installed."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def as_its_user(*command):
    """The server refuses to run as root."""
    words = [str(word) for word in command]
    return ["runuser", "-u", "postgres", "--", *words] if os.getuid() == 0 else words


def run(*command):
    done = subprocess.run(as_its_user(*command), capture_output=True, text=True, cwd="/",
                          stdin=subprocess.DEVNULL, timeout=120)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def data_of(folder):
    """Under /tmp: its user may not enter just any checkout."""
    name = str(folder).strip("/").replace("/", "-")
    return pathlib.Path("/tmp") / f"reel-postgres-{os.getuid()}-{name}"


def stop(bin_folder, folder):
    data = data_of(folder)
    if (data / "postmaster.pid").exists():
        run(bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    shutil.rmtree(data, ignore_errors=True)
    (folder / "postgres.json").unlink(missing_ok=True)


def start(bin_folder, folder):
    folder.mkdir(parents=True, exist_ok=True)
    data = data_of(folder)
    data.mkdir(mode=0o700)
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(data, owner.pw_uid, owner.pw_gid)
    run(bin_folder / "initdb", "-D", data, "-A", "trust", "-U", "reel", "-E", "UTF8",
        "--locale=C.UTF-8", "--no-sync")
    port = free_port()
    run(bin_folder / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o",
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={data} "
        "-c max_connections=100", "start")
    (folder / "postgres.part").write_text(json.dumps({"port": port}))
    os.replace(folder / "postgres.part", folder / "postgres.json")


def main():
    action, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    bin_folder = programs()
    if bin_folder is None:
        print("no PostgreSQL server installed (./run test installs one)")
        return
    if action == "crash":
        run(bin_folder / "pg_ctl", "-D", data_of(folder), "-m", "immediate", "-w", "-l",
            data_of(folder) / "log", "restart")
        return
    stop(bin_folder, folder)
    if action == "start":
        start(bin_folder, folder)


if __name__ == "__main__":
    main()
