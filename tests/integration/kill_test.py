#!/usr/bin/env python3
"""SIGKILL at random moments: workers, then the whole program. Each time the rerun
finishes, repeats no finished task, and leaves the same bytes."""

import json
import os
import pathlib
import random
import signal
import sqlite3
import time
import unittest

import reel

SEED = 20240229
DONE = 1  # platform::AttemptOutcome::kDone


def children_of(pid):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            if int(stat.rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(entry.name))
    return found


def completions(state):
    """How often each task was completed, from the state's own record."""
    database = sqlite3.connect(f"file:{state}/state.db?mode=ro", uri=True)
    try:
        rows = database.execute(
            "select task_id, count(*) from attempts where outcome = ? group by task_id", (DONE,))
        return dict(rows.fetchall())
    finally:
        database.close()


class KillTest(reel.ReelTestCase):
    recipe_text = reel.QUICK_RECIPE
    seconds = 9
    moments = 25

    def setUp(self):
        super().setUp()
        self.recipe.write_text(self.recipe_text)
        self.clip = reel.make_clip(self.folder / "clip.mp4", seconds=self.seconds)
        began = time.monotonic()
        undisturbed, _ = self.encode(self.clip, directory="undisturbed")
        self.duration = time.monotonic() - began
        self.want = reel.media_digests(undisturbed)
        self.random = random.Random(SEED)

    def start(self, title):
        return reel.start("encode", self.clip, "-o", title, "--recipe", self.recipe, "--json")

    def finish(self, title):
        _, report = self.encode(self.clip, directory=title.name)
        self.assertEqual(reel.media_digests(title), self.want)
        done = completions(title / ".reel")
        self.assertGreater(len(done), 10)
        twice = {t: n for t, n in done.items() if n > 1}
        self.assertEqual(twice, {}, "finished tasks that were run again")
        leftovers = [p for p in (title / ".reel/objects").rglob("*") if "tmp" in p.name]
        self.assertEqual(leftovers, [])
        return report

    def test_killed_workers_do_not_matter(self):
        title = self.folder / "workers"
        process = self.start(title)
        killed = 0
        while killed < 4 and process.poll() is None:
            time.sleep(self.random.uniform(0, self.duration / 5))
            workers = children_of(process.pid)
            if workers:
                os.kill(self.random.choice(workers), signal.SIGKILL)
                killed += 1
        out, err = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, err)
        self.assertGreater(killed, 0)
        self.assertEqual(reel.media_digests(title), self.want)

    def test_the_whole_program_killed_at_random_moments(self):
        interrupted = 0
        title = self.folder / "killed-0"
        for moment in range(self.moments):
            process = self.start(title)
            time.sleep(self.random.uniform(0.02, self.duration))
            interrupted += process.poll() is None
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.communicate()
            if (title / "manifest.mpd").exists():  # it was done: begin another
                self.finish(title)
                title = self.folder / f"killed-{moment + 1}"
        self.finish(title)
        print(f"seed {SEED}: {self.moments} kills, {interrupted} while it ran", flush=True)
        self.assertGreater(interrupted, self.moments // 2)

    def test_only_the_leader_killed_leaves_no_worker(self):
        title = self.folder / "leader"
        process = self.start(title)
        time.sleep(self.duration / 3)
        workers = children_of(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and any(
                pathlib.Path(f"/proc/{w}").exists() for w in workers):
            time.sleep(0.05)
        self.assertEqual([w for w in workers if pathlib.Path(f"/proc/{w}").exists()], [])
        self.finish(title)


class SearchedKillTest(KillTest):
    """The same while a ladder is searched: probes, designs, anchors, corrections."""

    recipe_text = reel.SEARCHED_RECIPE.replace("MODE", "per-shot")
    seconds = 4.5
    moments = 10


if __name__ == "__main__":
    unittest.main(verbosity=2)
