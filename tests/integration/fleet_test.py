#!/usr/bin/env python3
"""A fleet through the real program, on real servers: its titles equal those of
`reel encode`, to the byte, whoever dies meanwhile."""

import hashlib
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import reel

sys.path.insert(0, str(reel.ROOT / "tests/servers"))
import cluster  # noqa: E402


def installed():
    return all(shutil.which(name) for name in ("nats-server", "radosgw", "curl"))


@unittest.skipUnless(installed(), "no servers: ./run test installs them")
class FleetTest(reel.ReelTestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = pathlib.Path(tempfile.mkdtemp(prefix="reel-fleet-"))
        cls.addClassCleanup(shutil.rmtree, cls.servers, ignore_errors=True)
        cls.cluster = cls.enterClassContext(cluster.Cluster(cls.servers, reel.BINARY))
        cls.cluster.serve()

    def start_workers(self, count=2):
        workers = [self.cluster.worker(f"worker-{time.monotonic_ns()}") for _ in range(count)]
        for worker in workers:
            self.addCleanup(worker.wait)
            self.addCleanup(worker.terminate)
        return workers

    def assert_same_title(self, job, title):
        for path, digest in reel.media_digests(title).items():
            with self.subTest(file=path):
                got = hashlib.sha256(self.cluster.title_file(job, path)).hexdigest()
                self.assertEqual(got, digest)

    def submit(self, clip, **more):
        return self.cluster.submit(self.cluster.upload(clip),
                                   recipe_toml=reel.QUICK_RECIPE, **more)

    def test_a_title_equals_that_of_one_machine(self):
        clip = reel.make_clip(self.folder / "same.mp4")
        self.start_workers()
        job = self.submit(clip, title="same", priority="now")
        ended = self.cluster.wait(job)
        self.assertEqual(ended["state"], "done", ended)
        title, _ = self.encode(clip)
        self.assert_same_title(job, title)
        report = self.cluster.call("GET", f"/v1/jobs/{job}/report")
        self.assertEqual(report["validation"]["verdict"], "pass")
        files = self.cluster.call("GET", f"/v1/jobs/{job}/artifacts")
        self.assertTrue(files)
        moved = self.metrics()
        size = sum(path.stat().st_size for path in title.rglob("*.mp4"))
        self.assertGreater(moved["reel_store_written_bytes_total"], size)
        self.assertGreater(moved["reel_store_read_bytes_total"], size)

    def metrics(self):
        with urllib.request.urlopen(self.cluster.address + "/metrics") as answer:
            lines = answer.read().decode().splitlines()
        return {name: float(value) for name, value in
                (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}

    def test_kills_change_nothing(self):
        clip = reel.make_clip(self.folder / "killed.mp4", seconds=9)
        workers = self.start_workers()
        job = self.submit(clip, title="killed")
        for round_number in range(4):
            time.sleep(1.5)
            self.cluster.kill(workers.pop(0))
            workers += self.start_workers(1)
            if round_number == 1:
                server = next(p for name, p, _, _ in self.cluster.processes
                              if name == "serve" and p.poll() is None)
                self.cluster.kill(server)
                self.cluster.serve()
        ended = self.cluster.wait(job)
        self.assertEqual(ended["state"], "done", ended)
        title, _ = self.encode(clip)
        self.assert_same_title(job, title)

    def test_a_rejected_source_is_told(self):
        source = self.folder / "no_film.mp4"
        source.write_bytes(os.urandom(100_000))
        self.start_workers(1)
        ended = self.cluster.wait(self.submit(source, title="no film"))
        self.assertEqual(ended["state"], "failed")
        self.assertIn("rejected", ended["error"]["message"])

    def test_a_worker_ends_when_it_is_told(self):
        (worker,) = self.start_workers(1)
        time.sleep(1)
        worker.terminate()
        self.assertEqual(worker.wait(timeout=60), 0)

    def test_an_estimate_is_given_before(self):
        clip = reel.make_clip(self.folder / "asked.mp4", seconds=6)
        question = {"source": self.cluster.upload(clip), "recipe_toml": reel.QUICK_RECIPE}
        self.start_workers(1)
        self.cluster.until(lambda: self.cluster.call("POST", "/v1/estimate", question)["seconds"],
                           60, "a worker is counted")
        estimate = self.cluster.call("POST", "/v1/estimate", question)
        self.assertGreater(estimate["cpu_hours"], 0)
        self.assertGreater(estimate["size_bytes"], 1000)
        noise = self.folder / "noise.mp4"
        noise.write_bytes(os.urandom(100_000))
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.cluster.call("POST", "/v1/estimate", {"source": self.cluster.upload(noise)})
        self.assertEqual(refused.exception.code, 422)

    def test_a_trace_leads_to_the_logs_of_workers(self):
        clip = reel.make_clip(self.folder / "traced.mp4", seconds=2)
        worker = self.cluster.worker("traced", 1, "--log-json")
        self.addCleanup(worker.wait)
        self.addCleanup(worker.terminate)
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        job = self.cluster.call(
            "POST", "/v1/jobs",
            {"source": self.cluster.upload(clip), "recipe_toml": reel.QUICK_RECIPE},
            {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})["id"]
        self.assertEqual(self.cluster.wait(job)["state"], "done")
        log = (self.cluster.folder / "traced.log").read_text()
        lines = [json.loads(line) for line in log.splitlines()]
        done = [line for line in lines if line.get("trace") == trace and "done in" in line["message"]]
        tasks = self.cluster.sql(
            "select count(*) from attempts join job_tasks using (task_id)"
            f" where job_id = '{job}' and outcome = 1")
        self.assertEqual(len(done), int(tasks[0][0]))
        self.assertEqual({line["host"] for line in lines}, {lines[0]["host"]})

    def test_a_sweep_leaves_what_jobs_need(self):
        clip = reel.make_clip(self.folder / "swept.mp4", seconds=4)
        self.start_workers(1)
        (self.folder / "film.toml").write_text("no film")
        job = self.submit(clip, title="swept")
        self.assertEqual(self.cluster.wait(job)["state"], "done")
        title, _ = self.encode(clip)
        failed = self.submit(self.folder / "film.toml", title="no film")
        self.assertEqual(self.cluster.wait(failed)["state"], "failed")
        for name in ("objects/" + "0" * 64, f"titles/{failed}/a.mp4", "titles/nobody/a.mp4"):
            self.cluster.s3_call("-T", str(clip), key="main/" + name)
        self.assertEqual(self.cluster.gc()["objects"]["files"], 0, "they are new")
        told = self.cluster.gc("--grace", "0", "--dry-run")
        swept = self.cluster.gc("--grace", "0")
        self.assertEqual(swept["objects"], told["objects"])
        self.assertEqual(swept["objects"]["files"], 1)
        self.assertEqual(swept["titles"]["files"], 1)
        self.assertEqual(self.cluster.gc("--grace", "0")["objects"]["files"], 0)
        # What it made on the way goes; the title stays, and the same job again is done anew.
        self.assertGreater(self.cluster.gc("--keep", "0", "--grace", "0")["objects"]["files"], 10)
        self.assertEqual(self.cluster.stored("objects"), [])
        self.assert_same_title(job, title)
        again = self.submit(clip, title="swept again")
        self.assertEqual(self.cluster.wait(again)["state"], "done")
        self.assert_same_title(again, title)

    def test_an_artifact_that_is_gone_is_made_again(self):
        clip = reel.make_clip(self.folder / "lost.mp4", seconds=3)
        self.start_workers(1)
        job = self.submit(clip, title="first")
        self.assertEqual(self.cluster.wait(job)["state"], "done")
        files = self.cluster.call("GET", f"/v1/jobs/{job}/artifacts")["files"]
        lost = next(file for file in files if file["path"].startswith("video/"))
        self.cluster.s3_call("-X", "DELETE", key="main/objects/" + lost["digest"])
        again = self.submit(clip, title="second")
        self.assertEqual(self.cluster.wait(again)["state"], "done")
        title, _ = self.encode(clip)
        self.assert_same_title(again, title)

    def test_metrics_are_told(self):
        self.assertTrue(any(name.startswith("reel_workers") for name in self.metrics()))


if __name__ == "__main__":
    unittest.main()
