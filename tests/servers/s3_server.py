#!/usr/bin/env python3
"""An S3 server for tests: Ceph's radosgw with what it needs, in memory, on loopback.

    s3_server.py start DIR   leaves DIR/s3.json, which tests read
    s3_server.py stop DIR

Ends with 0 and without DIR/s3.json where Debian's packages are not installed: tests
that want a server then say so and skip.
"""

import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

PROGRAMS = ("ceph", "ceph-mon", "ceph-mgr", "ceph-osd", "radosgw", "radosgw-admin",
            "ceph-authtool", "monmaptool")
CONFIGURATION = """
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{mon2},v1:127.0.0.1:{mon1}]
public addr = 127.0.0.1
auth allow insecure global id reclaim = false
mon client hunt interval = 0.5
osd pool default pg autoscale mode = off
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail warn = 1
mon data avail crit = 0
run dir = {dir}/run
admin socket = {dir}/run/$name.asok
log file = {dir}/log/$name.log
osd objectstore = memstore
memstore device bytes = 2147483648
osd memory target = 939524096
osd max object name len = 460
osd max object namespace len = 64
mon data = {dir}/mon
mgr data = {dir}/mgr
osd data = {dir}/osd
keyring = {dir}/keyring
ms bind port min = {first}
ms bind port max = {last}
[client.rgw.a]
keyring = {dir}/keyring
rgw data = {dir}/rgw
rgw frontends = beast endpoint=127.0.0.1:{port}
"""
KEYS = (("mon.", ["mon", "allow *"]),
        ("client.admin", ["mon", "allow *", "osd", "allow *", "mgr", "allow *"]),
        ("mgr.x", ["mon", "allow profile mgr", "osd", "allow *", "mds", "allow *"]),
        ("osd.0", ["mon", "allow profile osd", "osd", "allow *", "mgr", "allow profile osd"]),
        ("client.rgw.a", ["mon", "allow rw", "osd", "allow rwx", "mgr", "allow rw"]))


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wait_until(what, ready, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return
        time.sleep(0.2)
    raise RuntimeError(f"{what} is not ready after {seconds} s")


def answers(url):
    try:
        urllib.request.urlopen(url, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


class Server:
    def __init__(self, folder):
        self.dir = folder
        self.environment = {**os.environ, "CEPH_CONF": str(folder / "ceph.conf")}

    def run(self, *command, **options):
        return subprocess.run(command, check=True, env=self.environment, cwd=self.dir,
                              capture_output=True, text=True, timeout=120, **options).stdout

    def background(self, name, *command):
        with open(self.dir / f"log/{name}.out", "wb") as log:
            process = subprocess.Popen(command, env=self.environment, cwd=self.dir, stdout=log,
                                       stderr=log, stdin=subprocess.DEVNULL,
                                       start_new_session=True)
        with open(self.dir / "pids", "a", encoding="ascii") as pids:
            pids.write(f"{process.pid}\n")

    def start(self):
        shutil.rmtree(self.dir, ignore_errors=True)
        for name in ("mon", "mgr", "osd", "rgw", "run", "log"):
            (self.dir / name).mkdir(parents=True)
        port, mon2, mon1, first = free_ports(4)
        fsid = str(uuid.uuid4())
        (self.dir / "ceph.conf").write_text(CONFIGURATION.format(
            dir=self.dir, fsid=fsid, mon2=mon2, mon1=mon1, port=port, first=first,
            last=min(first + 200, 65535)))
        for index, (name, rights) in enumerate(KEYS):
            pairs = zip(rights[::2], rights[1::2])
            self.run("ceph-authtool", "keyring", *(["-C"] if index == 0 else []), "-g", "-n", name,
                     *(word for who, what in pairs for word in ("--cap", who, what)))
        self.run("monmaptool", "--create", "--fsid", fsid, "--addv", "a",
                 f"[v2:127.0.0.1:{mon2},v1:127.0.0.1:{mon1}]", "monmap")
        self.run("ceph-mon", "--mkfs", "-i", "a", "--monmap", "monmap", "--keyring", "keyring")
        self.background("mon", "ceph-mon", "-f", "-i", "a")
        self.run("timeout", "60", "ceph", "-s")
        self.background("mgr", "ceph-mgr", "-f", "-i", "x")
        osd = str(uuid.uuid4())
        self.run("ceph", "osd", "create", osd, "0")
        self.run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
        self.background("osd", "ceph-osd", "-f", "-i", "0")
        wait_until("ceph-osd", lambda: "1 up" in self.run("ceph", "osd", "stat"))
        self.background("rgw", "radosgw", "-f", "-n", "client.rgw.a")
        endpoint = f"http://127.0.0.1:{port}"
        wait_until("radosgw", lambda: answers(endpoint))
        access, secret = "AK" + secrets.token_hex(8), secrets.token_hex(20)
        self.run("radosgw-admin", "user", "create", "--uid", "test", "--display-name", "test",
                 "--access-key", access, "--secret-key", secret)
        (self.dir / "s3.part").write_text(json.dumps(
            {"endpoint": endpoint, "access_key": access, "secret_key": secret}))
        os.replace(self.dir / "s3.part", self.dir / "s3.json")

    def fill(self, is_full):
        """Whether all buckets are over their quota, from now on."""
        for bucket in json.loads(self.run("radosgw-admin", "bucket", "list")):
            scope = ("--quota-scope=bucket", f"--bucket={bucket}")
            if is_full:
                self.run("radosgw-admin", "quota", "set", *scope, "--max-objects=1")
            self.run("radosgw-admin", "quota", "enable" if is_full else "disable", *scope)

    def stop(self):
        (self.dir / "s3.json").unlink(missing_ok=True)
        pids = self.dir / "pids"
        if not pids.exists():
            return
        running = [int(line) for line in pids.read_text().split()]
        for how, seconds in ((signal.SIGTERM, 4), (signal.SIGKILL, 4)):
            for pid in running:
                try:
                    if self.is_ours(pid):
                        os.kill(pid, how)
                except ProcessLookupError:
                    pass
            end = time.monotonic() + seconds
            while running and time.monotonic() < end:
                running = [pid for pid in running if self.is_ours(pid)]
                time.sleep(0.1)
        pids.unlink()

    @staticmethod
    def is_ours(pid):
        """Whether that process still runs a program of Ceph."""
        try:
            name = pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
            state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return False
        return state != "Z" and name.startswith(("ceph", "radosgw"))


def main():
    action, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    server = Server(folder)
    if action in ("fill", "drain"):
        server.fill(action == "fill")
        return
    server.stop()
    if action == "stop":
        return
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        print(f"no S3 server: {', '.join(missing)} not installed (./run test installs them)")
        return
    try:
        server.start()
    except subprocess.CalledProcessError as error:
        server.stop()
        sys.exit(f"{' '.join(map(str, error.cmd))}: {error.stderr}")
    except Exception:
        server.stop()
        raise


if __name__ == "__main__":
    main()
