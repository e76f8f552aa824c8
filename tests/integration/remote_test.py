#!/usr/bin/env python3
"""Sources on servers: what comes of them equals what comes of the local file, to the
byte, and each task fetches only its part. Servers that fail, change, and stay away."""

import collections
import http.server
import json
import os
import pathlib
import re
import socket
import subprocess
import threading
import unittest

import reel

CLIP = "originals/bbb_854x480_5.1_20s.mp4"
SECRET = "Signature=0123456789abcdef"
CHUNK = 64 << 10


class RangeServer(http.server.ThreadingHTTPServer):
    """Gives one file by ranges, and counts. `fault` is called once, with the server,
    when that many bytes have been sent."""

    daemon_threads = True

    def __init__(self, content, fault=None, fault_at=0, ranges=True):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = content
        self.version = 1
        self.fault = fault
        self.fault_at = fault_at
        self.ranges = ranges
        self.refuse = 0  # requests that are not answered
        self.lock = threading.Lock()
        self.reset_counts()

    def reset_counts(self):
        self.requests = 0
        self.sent = 0

    def url(self, name="film.mp4"):
        return f"http://127.0.0.1:{self.server_port}/{name}?{SECRET}"

    def handle_error(self, request, client_address):
        pass  # a client that ends in the midst of an answer

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def account(self, size):
        """Whether to go on."""
        with self.lock:
            self.sent += size
            if self.fault is None or self.sent < self.fault_at:
                return True
            fault, self.fault = self.fault, None
        return fault(self)


def drop_connection(server):
    server.refuse = 4
    return False


def replace_content(server):
    server.version += 1
    return True


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        server = self.server
        with server.lock:
            server.requests += 1
            refused, server.refuse = server.refuse > 0, max(0, server.refuse - 1)
        if refused:
            self.close_connection = True
            return
        if not self.path.startswith("/film.mp4?"):
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.give(server.content)

    def give(self, content):
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        first, last = 0, len(content) - 1
        if wanted and self.server.ranges:
            first, last = int(wanted[1]), min(int(wanted[2]), last)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        else:
            self.send_response(200)
        self.send_header("ETag", f'"{self.server.version}"')
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        for at in range(first, last + 1, CHUNK):
            part = content[at:min(at + CHUNK, last + 1)]
            self.wfile.write(part)
            if not self.server.account(len(part)):
                self.close_connection = True
                return


class CountingProxy:
    """Passes connections on to a server, and counts what comes back."""

    def __init__(self, port):
        self.port = port
        self.received = 0
        self.requests = collections.Counter()
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()

    def endpoint(self):
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.port))
            threading.Thread(target=self.pump, args=(client, server, self.see_request),
                             daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, self.see_answer),
                             daemon=True).start()

    def see_request(self, data):
        # Requests have no bodies: each comes in one piece.
        self.requests[data.split(b" ", 1)[0].decode()] += 1

    def see_answer(self, data):
        self.received += len(data)

    @staticmethod
    def pump(source, sink, see):
        try:
            while data := source.recv(1 << 16):
                see(data)
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            end.close()


class RemoteTest(reel.ReelTestCase):
    def compare(self, clip, place, environment=None):
        """Encodes a local file, and the same from `place`."""
        here, _ = self.encode(clip, directory="here")
        there = self.folder / "there"
        done = reel.run("encode", place, "-o", there, "--recipe", self.recipe, "--json",
                        env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(reel.media_digests(there), reel.media_digests(here))
        return there, done

    def fails(self, code, *arguments, **options):
        done = reel.run(*arguments, **options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertNotIn(SECRET, done.stdout + done.stderr)
        return done.stderr


class HttpTest(RemoteTest):
    def setUp(self):
        super().setUp()
        self.clip = reel.make_clip(self.folder / "film.mp4", seconds=9)
        self.content = self.clip.read_bytes()

    def test_a_clip_of_the_corpus_gives_the_same_bytes(self):
        clip = self.corpus(CLIP)
        with RangeServer(clip.read_bytes()) as server:
            there, done = self.compare(clip, server.url())
            print(f"http: {server.requests} requests, {server.sent / clip.stat().st_size:.2f}"
                  " times the file", flush=True)
        self.assertNotIn(SECRET, done.stdout + done.stderr)
        for name in ("report.json", "report.html", ".reel/sources.json"):
            self.assertNotIn(SECRET, (there / name).read_text(), name)
        logs = "".join(p.read_text() for p in (there / ".reel/logs").rglob("*") if p.is_file())
        self.assertIn("begin task", logs)
        self.assertNotIn(SECRET, logs)
        report = json.loads((there / "report.json").read_text())
        self.assertEqual(report["title"], "film")

    def test_inspection_finds_the_same(self):
        with RangeServer(self.content) as server:
            there = reel.run("inspect", server.url(), "--json")
        here = reel.run("inspect", self.clip, "--json")
        self.assertEqual(there.returncode, 0, there.stderr)
        self.assertNotIn(SECRET, there.stdout + there.stderr)
        there, here = (json.loads(done.stdout) for done in (there, here))
        self.assertTrue(there["source"].pop("path").endswith("/film.mp4"))
        here["source"].pop("path")
        self.assertEqual(there, here)

    def test_no_process_fetches_a_byte_twice(self):
        film = self.corpus(reel.FILM)
        workers = 2
        with RangeServer(film.read_bytes()) as server:
            self.encode(server.url(), "--workers", workers)
            times = server.sent / film.stat().st_size
            print(f"film: {server.requests} requests, {times:.2f} times the file", flush=True)
        # The digest, and what each worker's tasks want of the file.
        self.assertLess(times, 1 + workers + 0.1)

    def test_a_server_that_dies_midway_and_comes_back_is_survived(self):
        for part in (0.5, 1.5):  # while it is hashed, and while a task reads it
            with self.subTest(part), RangeServer(
                    self.content, drop_connection, part * len(self.content)) as server:
                self.encode(server.url(), directory=f"title-{part}")
                self.assertIsNone(server.fault, "the server did not die")
                self.assertEqual(server.refuse, 0)

    def test_a_source_that_changes_midway_is_told_and_can_be_put_back(self):
        title = self.folder / "title"
        with RangeServer(self.content, replace_content, 1.5 * len(self.content)) as server:
            arguments = ("encode", server.url(), "-o", title, "--recipe", self.recipe)
            stderr = self.fails(2, *arguments)
            self.assertIn("changed", stderr)
            self.assertIn("/film.mp4", stderr)
            self.assert_no_manifest(title)
            server.version = 1
            done = reel.run(*arguments)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_second_run_with_a_new_signature_hashes_nothing_again(self):
        with RangeServer(self.content) as server:
            self.encode(server.url())
            server.reset_counts()
            self.encode(server.url() + "&again")
            self.assertLess(server.sent, 100)

    def test_what_cannot_be_read_is_told_with_its_url(self):
        with RangeServer(self.content) as server:
            for command in ("inspect", "encode", "ladder"):
                stderr = self.fails(2, command, server.url("none.mp4"), cwd=self.folder)
                self.assertIn("/none.mp4", stderr)
            url = server.url()
        self.assertIn("/film.mp4", self.fails(5, "inspect", url))
        with RangeServer(self.content, ranges=False) as server:
            self.assertIn("ranges", self.fails(1, "inspect", server.url()))

    def test_nothing_remains_of_the_cache(self):
        place = self.folder / "temporary"
        place.mkdir()
        with RangeServer(self.content) as server:
            done = reel.run("encode", server.url(), "-o", self.folder / "title", "--recipe",
                            self.recipe, env={**os.environ, "TMPDIR": str(place)})
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(list(place.iterdir()), [])
        self.assertEqual(list((self.folder / "title/.reel/tmp").rglob("*")), [])


class S3Test(RemoteTest):
    def setUp(self):
        super().setUp()
        servers = os.environ.get("REEL_TEST_SERVERS", "")
        settings = pathlib.Path(servers) / "s3_server/s3.json"
        if not servers or not settings.is_file():
            self.skipTest("no S3 server: ./run test installs one and starts it")
        server = json.loads(settings.read_text())
        self.proxy = CountingProxy(int(server["endpoint"].rsplit(":", 1)[1]))
        self.environment = {**os.environ,
                            "AWS_ENDPOINT_URL": self.proxy.endpoint(),
                            "AWS_ACCESS_KEY_ID": server["access_key"],
                            "AWS_SECRET_ACCESS_KEY": server["secret_key"]}
        self.keys = f'user = "{server["access_key"]}:{server["secret_key"]}"'
        self.direct = server["endpoint"]
        self.bucket = "remote-" + self.folder.name.lower().replace("_", "-")

    def put(self, place, *more):
        subprocess.run(["curl", "-fsS", "-K", "-", "--aws-sigv4", "aws:amz:us-east-1:s3", "-H",
                        "x-amz-content-sha256: UNSIGNED-PAYLOAD", *more,
                        f"{self.direct}/{place}"],
                       input=self.keys, text=True, check=True, capture_output=True)

    def upload(self, clip):
        self.put(self.bucket, "-X", "PUT")
        self.put(f"{self.bucket}/films/film.mp4", "-T", str(clip))
        return f"s3://{self.bucket}/films/film.mp4"

    def test_a_clip_of_the_corpus_gives_the_same_bytes(self):
        clip = self.corpus(CLIP)
        url = self.upload(clip)
        _, done = self.compare(clip, url, self.environment)
        print(f"s3: {dict(self.proxy.requests)}, {self.proxy.received / clip.stat().st_size:.2f}"
              " times the file", flush=True)
        secret = self.environment["AWS_SECRET_ACCESS_KEY"]
        self.assertNotIn(secret, done.stdout + done.stderr)

    def test_what_cannot_be_read_is_told_with_its_url(self):
        url = self.upload(reel.make_clip(self.folder / "film.mp4", seconds=3))
        stderr = self.fails(2, "inspect", url + "x", env=self.environment)
        self.assertIn(url + "x", stderr)
        self.environment["AWS_SECRET_ACCESS_KEY"] = "wrong"
        self.assertIn("secret key", self.fails(2, "inspect", url, env=self.environment))
        del self.environment["AWS_SECRET_ACCESS_KEY"]
        self.assertIn("AWS_SECRET_ACCESS_KEY",
                      self.fails(2, "inspect", url, env=self.environment))


if __name__ == "__main__":
    unittest.main()
