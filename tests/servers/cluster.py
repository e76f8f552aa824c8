"""A whole fleet on loopback, for the demo and the tests: servers, `reel serve`,
workers, and a client of the API.

    with Cluster(folder, binary) as cluster:
        cluster.serve()
        cluster.worker()
        job = cluster.submit(cluster.upload(path))
        cluster.wait(job)
"""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree

SERVERS = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(SERVERS))
import tcp_proxy  # noqa: E402

BUCKET = "reel"


class Failure(Exception):
    """What went wrong, for people."""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Cluster:
    """With `proxies` all that is ours reaches the servers through proxies of those
    names: "nats", "postgres", "s3"."""

    def __init__(self, folder, binary, proxies=False):
        self.wants_proxies = proxies
        self.proxies = {}
        self.folder = pathlib.Path(folder)
        self.binary = str(binary)
        self.processes = []  # (name, Popen, arguments, log)
        self.address = None
        self.token = None
        self.environment = dict(os.environ)

    # --- Servers ---------------------------------------------------------------

    def __enter__(self):
        for name in ("nats", "postgres", "s3"):
            self.start_server(name)
        nats = self.read("nats_server/nats.json")
        postgres = self.read("postgres_server/postgres.json")
        s3 = self.read("s3_server/s3.json")
        self.s3_endpoint = s3["endpoint"]
        ports = {"nats": nats["port"], "postgres": postgres["port"],
                 "s3": int(s3["endpoint"].rsplit(":", 1)[1])}
        if self.wants_proxies:
            self.proxies = {name: tcp_proxy.TcpProxy(port) for name, port in ports.items()}
            ports = {name: proxy.port for name, proxy in self.proxies.items()}
        self.environment |= {
            "REEL_QUEUE_URL": f"nats://127.0.0.1:{ports['nats']}",
            "REEL_JOBS_URL": f"postgresql://reel@127.0.0.1:{ports['postgres']}/postgres",
            "REEL_STORE_URL": f"s3://{BUCKET}/main",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ports['s3']}",
            "AWS_ACCESS_KEY_ID": s3["access_key"],
            "AWS_SECRET_ACCESS_KEY": s3["secret_key"],
            "REEL_S3_STYLE": "path",
        }
        self.s3_call("-X", "PUT", key="")
        return self

    def __exit__(self, *_):
        for _, process, _, _ in self.processes:
            if process.poll() is None:
                process.terminate()
        for _, process, _, _ in self.processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for name in ("nats", "postgres", "s3"):
            self.server(name, "stop")

    def server(self, name, action):
        subprocess.run([sys.executable, SERVERS / f"{name}_server.py", action,
                        self.folder / f"{name}_server"], check=True, stdout=subprocess.DEVNULL)

    def start_server(self, name):
        self.server(name, "start")
        if not list((self.folder / f"{name}_server").glob("*.json")):
            raise Failure(f"{name}: its server is not installed; ./run test installs it")

    def gc(self, *more):
        """What `reel gc` says it has removed."""
        done = subprocess.run([self.binary, "gc", "--json", *more], env=self.environment,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failure("reel gc: " + done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def stored(self, folder):
        """Keys below that folder of the store, without it."""
        prefix, keys, token = f"main/{folder}/", [], ""
        while True:
            after = f"&start-after={urllib.parse.quote(token, safe='')}" if token else ""
            page = xml.etree.ElementTree.fromstring(self.s3_call(
                key=f"?list-type=2&prefix={urllib.parse.quote(prefix, safe='')}{after}"))
            names = [key.text for key in page.iterfind(".//{*}Contents/{*}Key")]
            keys += [name.removeprefix(prefix) for name in names]
            if not names:
                return keys
            token = names[-1]

    def sql(self, query):
        """Rows of text, straight from the database."""
        port = self.read("postgres_server/postgres.json")["port"]
        done = subprocess.run(["psql", "-h", "127.0.0.1", "-p", str(port), "-U", "reel", "-AtF", "|",
                               "-c", query, "postgres"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failure(f"{query}: {done.stderr}")
        return [line.split("|") for line in done.stdout.splitlines()]

    def read(self, path):
        return json.loads((self.folder / path).read_text())

    def s3_call(self, *arguments, key):
        """curl with a signature; what it writes to standard output."""
        access = self.environment["AWS_ACCESS_KEY_ID"]
        secret = self.environment["AWS_SECRET_ACCESS_KEY"]
        url = f"{self.s3_endpoint}/{BUCKET}/{key}".rstrip("/")
        done = subprocess.run(
            ["curl", "-fsS", "-K", "-", "--aws-sigv4", "aws:amz:us-east-1:s3", "-H",
             "x-amz-content-sha256: UNSIGNED-PAYLOAD", *arguments, url],
            input=f'user = "{access}:{secret}"'.encode(), capture_output=True, check=False)
        if done.returncode != 0:
            raise Failure(f"{url}: {done.stderr.decode()}")
        return done.stdout

    def upload(self, path):
        """Puts a file into the bucket; its URL."""
        key = f"in/{pathlib.Path(path).name}"
        self.s3_call("-T", str(path), key=key)
        return f"s3://{BUCKET}/{key}"

    def title_file(self, job, path):
        return self.s3_call(key=f"main/titles/{job}/{path}")

    # --- Processes of ours -------------------------------------------------------

    def start(self, name, *arguments):
        log = self.folder / f"{name}.log"
        with open(log, "ab") as out:
            process = subprocess.Popen([self.binary, *arguments], env=self.environment,
                                       stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        self.processes.append((name, process, arguments, log))
        return process

    def start_here(self, *arguments):
        """One that writes where we do."""
        process = subprocess.Popen([self.binary, *arguments], env=self.environment)
        self.processes.append((arguments[0], process, arguments, None))
        return process

    def serve(self, name="serve", port=None):
        port = port or free_port()
        process = self.start(name, "serve", "--listen", f"127.0.0.1:{port}",
                             "--allow-private-sources", "--allow-files")
        self.address = f"http://127.0.0.1:{port}"
        self.until(lambda: self.answers("/readyz") or process.poll() is not None, 60,
                   "reel serve does not answer")
        if process.poll() is not None:
            raise Failure("reel serve: " + (self.folder / f"{name}.log").read_text())
        if self.token is None:
            self.token = self.make_token()
        return process

    def make_token(self):
        done = subprocess.run([self.binary, "token", "add", "demo", "--role", "admin", "--json"],
                              env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failure("reel token: " + done.stderr)
        return json.loads(done.stdout.splitlines()[-1])["secret"]

    def watch(self, place, *more, name="watch"):
        self.environment |= {"REEL_API_URL": self.address, "REEL_TOKEN": self.token}
        return self.start(name, "watch", str(place), "--interval", "0.5", "--settle", "2", *more)

    def worker(self, name="worker", slots=1, *more):
        scratch = self.folder / f"{name}.scratch"
        scratch.mkdir(exist_ok=True)
        return self.start(name, "worker", "--slots", str(slots), "--scratch", str(scratch),
                          *more)

    # --- The API -------------------------------------------------------------------

    def call(self, method, path, body=None, headers=None):
        request = urllib.request.Request(
            self.address + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}",
                     "Content-Type": "application/json", **(headers or {})})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def answers(self, path):
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def submit(self, source, **more):
        return self.call("POST", "/v1/jobs", {"source": source, **more})["id"]

    def job(self, job):
        return self.call("GET", f"/v1/jobs/{job}")

    def wait(self, job, seconds=600, progress=None):
        """The job, once it has ended."""
        end = time.monotonic() + seconds
        while True:
            try:
                found = self.job(job)
            except OSError:
                found = {"state": "unknown"}
            if progress:
                progress(found)
            if found["state"] in ("done", "failed", "cancelled"):
                return found
            if time.monotonic() > end:
                raise Failure(f"job {job} has not ended: {json.dumps(found)[:2000]}")
            time.sleep(0.5)

    @staticmethod
    def until(condition, seconds, what):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise Failure(what)
            time.sleep(0.1)

    @staticmethod
    def kill(process):
        process.send_signal(signal.SIGKILL)
        process.wait()
