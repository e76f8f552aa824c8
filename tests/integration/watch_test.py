#!/usr/bin/env python3
"""`reel watch` through the real program, on a real fleet: what appears becomes a
job once, and what is rejected is put aside with its report."""

import hashlib
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time
import unittest

import reel

sys.path.insert(0, str(reel.ROOT / "tests/servers"))
import cluster  # noqa: E402


def installed():
    return all(shutil.which(name) for name in ("nats-server", "radosgw", "curl"))


@unittest.skipUnless(installed(), "no servers: ./run test installs them")
class WatchTest(reel.ReelTestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = pathlib.Path(tempfile.mkdtemp(prefix="reel-watch-"))
        cls.addClassCleanup(shutil.rmtree, cls.servers, ignore_errors=True)
        cls.cluster = cls.enterClassContext(cluster.Cluster(cls.servers, reel.BINARY))
        cls.cluster.environment["XDG_STATE_HOME"] = str(cls.servers / "state")
        cls.cluster.serve()

    def setUp(self):
        super().setUp()
        self.incoming = self.folder / "incoming"
        self.incoming.mkdir()

    def watch(self, place):
        """Its log, from now on, and the process."""
        process = self.cluster.watch(place, "--recipe", str(self.recipe), name=self.id())
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        return process

    def end(self, process):
        process.terminate()
        self.assertEqual(process.wait(timeout=60), 0)

    def jobs(self, name):
        jobs = self.cluster.call("GET", "/v1/jobs?limit=500")["jobs"]
        return [job for job in jobs if job["source"].endswith("/" + name)]

    def until_jobs(self, name, count=1):
        self.cluster.until(lambda: len(self.jobs(name)) >= count, 120, f"no job of {name}")
        return self.jobs(name)

    def uploaded(self, job):
        """The bytes of a job's source, which is in the bucket."""
        return self.cluster.s3_call(key=job["source"].removeprefix(f"s3://{cluster.BUCKET}/"))

    def test_a_growing_file_is_submitted_once_and_whole(self):
        watch = self.watch(self.incoming)
        film = self.incoming / "grows.mov"
        with open(film, "wb", buffering=0) as out:
            for _ in range(20):
                out.write(os.urandom(50_000))
                time.sleep(0.3)
        (job,) = self.until_jobs("grows.mov")
        self.assertEqual(hashlib.sha256(self.uploaded(job)).digest(),
                         hashlib.sha256(film.read_bytes()).digest())
        self.end(watch)

        # After a restart it is known; one that is new shows that all was looked at.
        self.watch(self.incoming)
        (self.incoming / "neuer Film, größer.mov").write_bytes(os.urandom(1000))
        self.until_jobs("neuer Film, größer.mov")
        self.assertEqual(len(self.jobs("grows.mov")), 1)

        # Changed, it is another source.
        film.write_bytes(os.urandom(2000))
        self.until_jobs("grows.mov", 2)

    def test_names_of_unfinished_files_are_left_alone(self):
        names = (".hidden.mov", "film.mov.part", "film.mov.tmp")
        for name in names:
            (self.incoming / name).write_bytes(b"half")
        (self.incoming / "link.mov").symlink_to("/etc/hostname")
        self.watch(self.incoming)
        (self.incoming / "later.mov").write_bytes(b"all")
        self.until_jobs("later.mov")
        for name in (*names, "link.mov"):
            self.assertEqual(self.jobs(name), [], name)

    def test_a_service_that_is_away_is_waited_for(self):
        server = next(p for name, p, _, _ in self.cluster.processes
                      if name == "serve" and p.poll() is None)
        port = int(self.cluster.address.rsplit(":", 1)[1])
        watch = self.watch(self.incoming)
        self.cluster.kill(server)
        (self.incoming / "waits.mov").write_bytes(os.urandom(1000))
        log = self.servers / f"{self.id()}.log"
        self.cluster.until(lambda: "waits.mov: " in log.read_text(), 60, "no warning")
        self.cluster.serve(port=port)
        self.until_jobs("waits.mov")
        self.assertIsNone(watch.poll())

    def test_a_rejected_file_is_moved_with_its_report(self):
        worker = self.cluster.worker()
        self.addCleanup(worker.wait)
        self.addCleanup(worker.terminate)
        self.watch(self.incoming)
        noise = os.urandom(100_000)
        (self.incoming / "noise.mov").write_bytes(noise)
        moved = self.incoming / "rejected/noise.mov"
        self.cluster.until(moved.exists, 240, "it is not moved")
        self.assertEqual(moved.read_bytes(), noise)
        self.assertFalse((self.incoming / "noise.mov").exists())
        report = json.loads((moved.parent / "noise.mov.inspection.json").read_text())
        self.assertEqual(report["verdict"], "reject")
        self.assertTrue(report["findings"])
        # Another one of that name: both stay.
        (self.incoming / "noise.mov").write_bytes(os.urandom(1000))
        self.cluster.until(lambda: len(list(moved.parent.glob("*-noise.mov"))) == 1, 240,
                           "the second is not moved")
        self.assertEqual(moved.read_bytes(), noise)

    def test_an_object_becomes_a_job(self):
        worker = self.cluster.worker()
        self.addCleanup(worker.wait)
        self.addCleanup(worker.terminate)
        source = self.folder / "object.mov"
        source.write_bytes(os.urandom(100_000))
        self.cluster.upload(source)  # in/object.mov
        watch = self.watch(f"s3://{cluster.BUCKET}/in")
        (job,) = self.until_jobs("in/object.mov")
        self.assertEqual(self.cluster.wait(job["id"])["error"]["code"], "rejected")
        report = "in/object.mov.rejected.json"
        self.cluster.until(lambda: self.is_object(report), 60, "no report")
        self.assertEqual(json.loads(self.cluster.s3_call(key=report))["verdict"], "reject")
        self.end(watch)
        self.watch(f"s3://{cluster.BUCKET}/in")
        self.cluster.upload(self.recipe)
        self.until_jobs("in/" + self.recipe.name)
        self.assertEqual(len(self.jobs("in/object.mov")), 1)
        self.assertEqual(self.jobs(report), [])

    def is_object(self, key):
        try:
            self.cluster.s3_call(key=key)
        except cluster.Failure:
            return False
        return True


if __name__ == "__main__":
    unittest.main()
