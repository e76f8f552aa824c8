#!/usr/bin/env python3
"""reel scale with a real queue and workers that only stand in: as many as are needed, no more."""

import json
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import unittest

import nats
import reel

SERVER = reel.ROOT / "tests/servers/nats_server.py"
MOST = 6

# Tells in its folder that it lives, and how it was called; ends in order when told to.
WORKER = """#!/bin/sh
cd "$(dirname "$0")/living" || exit 1
echo "$@" > $$
trap 'mv $$ ../drained/; exit 0' TERM
while :; do sleep 0.05; done
"""


class ScaleTest(reel.ReelTestCase):
    def setUp(self):
        super().setUp()
        if shutil.which("nats-server") is None:
            self.skipTest("no NATS server: ./run test installs one")
        server = self.folder / "nats_server"
        self.addCleanup(subprocess.run, [sys.executable, SERVER, "stop", server], check=True)
        subprocess.run([sys.executable, SERVER, "start", server], check=True)
        self.url = json.loads((server / "nats.json").read_text())["url"]
        for name in ("living", "drained"):
            (self.folder / name).mkdir()
        self.worker = self.folder / "worker"

    def start(self, *more, script=WORKER):
        self.worker.write_text(script)
        self.worker.chmod(0o755)
        self.scale = reel.start("scale", "--queue", self.url, "--max", MOST, "--worker-command",
                                self.worker, "--target-age", "0.5", "--idle", "1", *more)
        self.addCleanup(self.end)

    def end(self):
        if self.scale.poll() is None:
            self.scale.kill()
        self.scale.communicate()

    def living(self):
        return sorted(self.folder.joinpath("living").iterdir())

    def drained(self):
        return sorted(self.folder.joinpath("drained").iterdir())

    def until(self, what, holds):
        """Waits, says for how long, and fails only when it is hopeless."""
        began = time.monotonic()
        while not holds():
            if self.scale.poll() is not None:
                self.fail(f"reel scale ended: {self.scale.communicate()[1]}")
            self.assertLess(time.monotonic() - began, 60, what)
            time.sleep(0.02)
        print(f"{what}: {time.monotonic() - began:.1f} s", file=sys.stderr)

    def connect(self):
        client = nats.Nats(self.url)
        self.addCleanup(client.close)
        self.until("the queue is there", lambda: client.has_stream("reel"))
        return client

    def test_grows_with_the_queue_and_shrinks_without(self):
        self.start()
        self.until("one worker", lambda: len(self.living()) == 1)
        queue = self.connect()
        queue.make_consumer("reel", "encode", 5)
        for number in range(20):
            queue.publish_task("reel", "encode", 5, f"task-{number}")
        self.until("a burst is met", lambda: len(self.living()) == MOST)
        queue.purge("reel")
        self.until("all but one are drained",
                   lambda: len(self.living()) == 1 and len(self.drained()) == MOST - 1)

    def test_tasks_of_other_services_do_not_count(self):
        self.start("--min", "0", "--service", "quality,audio", "--", "--scratch", "/somewhere")
        queue = self.connect()
        # Beside each other: had the first ones counted, there would be more workers.
        for service, count in (("encode", 5), ("quality", 2)):
            queue.make_consumer("reel", service, 5)
            for number in range(count):
                queue.publish_task("reel", service, 5, f"{service}-{number}")
        self.until("two workers", lambda: len(self.living()) == 2)
        for worker in self.living():
            self.until("it has told how it was called", worker.read_text)
            self.assertEqual(worker.read_text().split(),
                             ["--slots", "1", "--grace", "600", "--queue", self.url, "--service",
                              "quality,audio", "--scratch", "/somewhere"])

    def test_a_worker_that_dies_is_replaced(self):
        self.start()
        self.until("one worker", lambda: len(self.living()) == 1)
        (dead,) = self.living()
        dead.unlink()
        subprocess.run(["kill", "-KILL", dead.name], check=True)
        self.until("another worker", lambda: self.living() and self.living() != [dead])

    def test_sigterm_drains_all(self):
        self.start("--min", str(MOST))
        self.until("all workers", lambda: len(self.living()) == MOST)
        self.scale.send_signal(signal.SIGTERM)
        _, errors = self.scale.communicate(timeout=60)
        self.assertEqual(self.scale.returncode, 0, errors)
        self.assertEqual(len(self.drained()), MOST)

    def test_workers_that_do_not_end_are_killed(self):
        deaf = WORKER.replace("mv $$ ../drained/; exit 0", "touch ../drained/$$")
        self.start("--grace", "0", script=deaf)
        self.until("one worker", lambda: len(self.living()) == 1)
        (worker,) = self.living()
        self.scale.send_signal(signal.SIGTERM)
        _, errors = self.scale.communicate(timeout=120)
        self.assertEqual(self.scale.returncode, 0, errors)
        self.assertIn(f"worker {worker.name} does not end", errors)
        self.assertFalse(pathlib.Path(f"/proc/{worker.name}").exists())

    def test_refuses_what_cannot_be(self):
        for arguments, word in (
                (["--max", "2", "--min", "3", "--queue", self.url], "--min"),
                (["--max", "2", "--queue", "nats://me:secret@127.0.0.1:4222"], "password"),
                (["--max", "2"], "REEL_QUEUE_URL")):
            done = reel.run("scale", *arguments, timeout=60, env={})
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(word, done.stderr)
            self.assertNotIn("secret", done.stderr)

    def test_an_unreachable_queue_is_exit_code_5(self):
        done = reel.run("scale", "--max", "2", "--queue", "nats://127.0.0.1:1", timeout=120)
        self.assertEqual(done.returncode, 5, done.stderr)


if __name__ == "__main__":
    unittest.main()
