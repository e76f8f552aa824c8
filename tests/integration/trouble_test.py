#!/usr/bin/env python3
"""Full disks, unwritable places, vanished sources, signals: one clear line, the
right exit code, no manifest, and a state that can be resumed."""

import os
import signal
import subprocess
import time
import unittest

import reel


class TroubleTest(reel.ReelTestCase):
    def setUp(self):
        super().setUp()
        self.clip = reel.make_clip(self.folder / "clip.mp4", seconds=9)

    def encode_fails(self, title, code, *words):
        done = reel.run("encode", self.clip, "-o", title, "--recipe", self.recipe)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assert_one_line(done.stderr, *words)

    def assert_one_line(self, stderr, *words):
        """It ends with one line that says it all; before it only what went on."""
        lines = stderr.splitlines()
        self.assertTrue(lines, "nothing was said")
        for word in words:
            self.assertIn(word, lines[-1])
        self.assertEqual(len(lines), len(set(lines)), stderr)
        self.assertLess(len(lines), 12, stderr)

    def interrupted(self, title, how):
        process = reel.start("encode", self.clip, "-o", title, "--recipe", self.recipe)
        deadline = time.monotonic() + 60
        objects = title / ".reel/objects"
        while time.monotonic() < deadline and not (
                objects.is_dir() and len(list(objects.rglob("*"))) > 20):
            time.sleep(0.01)
        how(process)
        _, stderr = process.communicate(timeout=60)
        return process.returncode, stderr

    def test_a_missing_source(self):
        done = reel.run("encode", self.folder / "nothing.mp4", "-o", self.folder / "t")
        self.assertEqual(done.returncode, 2)
        self.assert_one_line(done.stderr, "nothing.mp4", "no such file")
        self.assertFalse((self.folder / "t").exists())

    def test_an_unwritable_directory(self):
        self.encode_fails("/proc/title", 2, "/proc/title")

    def test_a_file_where_the_directory_should_be(self):
        (self.folder / "file").write_text("")
        self.encode_fails(self.folder / "file", 2, "file")

    def test_interrupts_end_it_soon_and_it_resumes(self):
        for name in ("SIGINT", "SIGTERM"):
            with self.subTest(name):
                title = self.folder / name
                code, stderr = self.interrupted(
                    title, lambda p: p.send_signal(getattr(signal, name)))
                self.assertEqual(code, 130, stderr)
                self.assert_one_line(stderr, "interrupted")
                self.assert_no_manifest(title)
                _, report = self.encode(self.clip, directory=name)
                self.assertGreater(report["cost"]["tasks_reused"], 0)

    def test_a_source_that_vanishes(self):
        title = self.folder / "vanished"
        away = self.folder / "away.mp4"
        code, stderr = self.interrupted(title, lambda _: self.clip.rename(away))
        self.assertIn(code, (1, 2), stderr)
        self.assert_one_line(stderr, "clip.mp4")
        self.assert_no_manifest(title)
        away.rename(self.clip)
        self.encode(self.clip, directory="vanished")

    def test_a_full_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", disk],
            capture_output=True).returncode == 0
        if not mounted:
            self.skipTest("mounting a small disk needs root")
        try:
            title = disk / "title"
            self.encode_fails(title, 1, "disk", "Free some space")
            self.assert_no_manifest(title)
            # More room, and it goes on.
            subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
            _, report = self.encode(self.clip, directory="disk/title")
            self.assertGreater(report["cost"]["tasks_reused"], 0)
        finally:
            subprocess.run(["umount", "-l", disk], check=False)

    def test_two_at_once_in_one_directory(self):
        title = self.folder / "title"
        process = reel.start("encode", self.clip, "-o", title, "--recipe", self.recipe)
        while not (title / ".reel/lock").exists():
            time.sleep(0.01)
        time.sleep(0.1)
        done = reel.run("encode", self.clip, "-o", title, "--recipe", self.recipe)
        _, stderr = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, stderr)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assert_one_line(done.stderr, ".reel")


if __name__ == "__main__":
    unittest.main(verbosity=2)
