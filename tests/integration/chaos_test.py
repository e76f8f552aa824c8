#!/usr/bin/env python3
"""Chaos: six titles are encoded by a fleet while its workers, its orchestrator and its
servers are killed, and connections are cut and slowed. Every title finishes, its bytes
are those of an undisturbed run, and little is done twice.

REEL_CHAOS_SECONDS is how long the trouble lasts (default 40); REEL_CHAOS_SEED which."""

import collections
import hashlib
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time
import unittest

import reel

sys.path.insert(0, str(reel.ROOT / "tests/servers"))
import cluster  # noqa: E402

TITLES = 6
WORKERS = 2
SECONDS = float(os.environ.get("REEL_CHAOS_SECONDS", "40"))
SEED = int(os.environ.get("REEL_CHAOS_SEED", "1"))
# Of the attempts that came to an end by themselves.
MOST_REPEATED = 0.10


def installed():
    return all(shutil.which(name) for name in ("nats-server", "radosgw", "curl", "psql"))


@unittest.skipUnless(installed(), "no servers: ./run test installs them")
class ChaosTest(reel.ReelTestCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        servers = pathlib.Path(tempfile.mkdtemp(prefix="reel-chaos-"))
        self.addCleanup(shutil.rmtree, servers, ignore_errors=True)
        self.fleet = self.enterContext(cluster.Cluster(servers, reel.BINARY, proxies=True))
        self.server = self.fleet.serve()
        self.workers = [self.fleet.worker(f"worker-{n}") for n in range(WORKERS)]
        self.started = WORKERS
        self.done = collections.Counter()

    # --- Trouble ---------------------------------------------------------------

    def kill_worker(self):
        self.fleet.kill(self.workers.pop(self.random.randrange(len(self.workers))))
        self.workers.append(self.fleet.worker(f"worker-{self.started}"))
        self.started += 1

    def kill_orchestrator(self):
        port = int(self.fleet.address.rsplit(":", 1)[1])
        self.fleet.kill(self.server)
        self.server = self.fleet.serve(port=port)

    def crash_nats(self):
        self.fleet.server("nats", "crash")

    def crash_postgres(self):
        self.fleet.server("postgres", "crash")

    def cut(self):
        proxy = self.random.choice(list(self.fleet.proxies.values()))
        proxy.refuses = True
        proxy.cut()
        time.sleep(self.random.uniform(0.5, 2))
        proxy.refuses = False

    def slow(self):
        proxy = self.random.choice(list(self.fleet.proxies.values()))
        proxy.delay = 0.1
        time.sleep(2)
        proxy.delay = 0

    def fill_store(self):
        self.fleet.server("s3", "fill")
        time.sleep(self.random.uniform(1, 3))
        self.fleet.server("s3", "drain")

    def trouble(self, jobs):
        kinds = [self.kill_worker, self.cut, self.kill_orchestrator, self.slow, self.crash_nats,
                 self.fill_store, self.crash_postgres]
        end = time.monotonic() + SECONDS
        turn = 0
        while time.monotonic() < end:
            kind = kinds[turn % len(kinds)]
            turn += 1
            self.done[kind.__name__] += 1
            kind()
            time.sleep(self.random.uniform(1, 3))
            if SECONDS <= 40 and turn >= len(kinds) and self.all_ended(jobs):
                return
            if self.all_ended(jobs):
                jobs += self.submit_all()

    def all_ended(self, jobs):
        try:
            states = [self.fleet.job(job)["state"] for job, _ in jobs]
        except OSError:
            return False
        return all(state in ("done", "failed") for state in states)

    # --- The titles ----------------------------------------------------------------

    def submit_all(self):
        """Once more, they are other jobs of titles that are done already; so the recipe
        differs a little each time."""
        round_number = getattr(self, "rounds", 0)
        self.rounds = round_number + 1
        recipe = reel.QUICK_RECIPE.replace("crf = 30", f"crf = {30 + round_number % 15}")
        jobs = []
        for name, source in self.sources:
            end = time.monotonic() + 120
            while True:
                try:
                    jobs.append((self.fleet.submit(source, title=name, recipe_toml=recipe),
                                 (name, recipe)))
                    break
                except OSError:
                    self.assertLess(time.monotonic(), end, "the API stays away")
                    time.sleep(0.5)
        return jobs

    def test_every_title_finishes_unchanged(self):
        clips = [reel.make_clip(self.folder / f"title{n}.mp4", seconds=6 + n,
                                size=("320x180", "426x240")[n % 2])
                 for n in range(TITLES)]
        self.sources = [(clip.stem, self.fleet.upload(clip)) for clip in clips]
        jobs = self.submit_all()
        self.trouble(jobs)
        for job, (name, _) in jobs:
            with self.subTest(title=name):
                ended = self.fleet.wait(job, 600)
                self.assertEqual(ended["state"], "done", ended)
        self.compare(jobs, {clip.stem: clip for clip in clips})
        self.account()
        self.sweep(jobs)

    def sweep(self, jobs):
        """Of what the store holds, all that no job names goes, and no more."""
        named = {digest for (digest,) in self.fleet.sql("select distinct digest from artifacts")}
        orphans = set(self.fleet.stored("objects")) - named
        swept = self.fleet.gc("--grace", "0")
        print(f"chaos: {len(named)} artifacts, {len(orphans)} orphans; swept {swept}",
              file=sys.stderr)
        self.assertEqual(swept["objects"]["files"], len(orphans))
        self.assertEqual(set(self.fleet.stored("objects")), named)
        self.assertEqual({key.split("/")[0] for key in self.fleet.stored("titles")},
                         {job for job, _ in jobs})
        self.assertEqual(self.fleet.gc("--grace", "0")["unfinished"], 0)

    def compare(self, jobs, clips):
        titles = {}
        for job, (name, recipe) in jobs:
            if (name, recipe) not in titles:
                text = self.folder / "recipe.toml"
                text.write_text(recipe)
                title, _ = self.encode(clips[name], directory=f"t{len(titles)}", recipe=text)
                titles[name, recipe] = reel.media_digests(title)
            for path, digest in titles[name, recipe].items():
                with self.subTest(title=name, file=path):
                    got = hashlib.sha256(self.fleet.title_file(job, path)).hexdigest()
                    self.assertEqual(got, digest)

    def account(self):
        states = dict(self.fleet.sql("select state, count(*) from tasks group by state"))
        self.assertEqual(set(states) - {"3"}, set(), f"tasks that are not done: {states}")
        outcomes = {int(o): int(n) for o, n in self.fleet.sql(
            "select outcome, count(*) from attempts group by outcome")}
        running = outcomes.get(0, 0)
        # Done again although it was done: what a fleet must not waste.
        done, tasks = map(int, self.fleet.sql(
            "select count(*), count(distinct task_id) from attempts where outcome = 1")[0])
        repeated = (done - tasks) / tasks
        print(f"\nchaos: {dict(self.done)}; {tasks} tasks; attempts: {done} done, "
              f"{outcomes.get(2, 0)} failed, {outcomes.get(3, 0)} released, {running} running; "
              f"{repeated:.1%} done twice", file=sys.stderr)
        self.assertEqual(running, 0, "attempts that never ended")
        self.assertLess(repeated, MOST_REPEATED)


if __name__ == "__main__":
    unittest.main()
