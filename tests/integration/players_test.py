#!/usr/bin/env python3
"""Three players and the page of `reel play`, in Chromium, on a title just made."""

import shutil
import subprocess
import unittest

import reel


class PlayersTest(reel.ReelTestCase):
    def test_all_play_seek_and_switch(self):
        if not shutil.which("node") or not (reel.ROOT / "tests/browser/node_modules").is_dir():
            self.skipTest("players are not installed: ./run test does it")
        clip = reel.make_clip(self.folder / "clip.mp4", seconds=24)
        title, _ = self.encode(clip)
        done = subprocess.run(["node", reel.ROOT / "tests/browser/run.mjs", title, reel.BINARY],
                              capture_output=True, text=True, timeout=500)
        print(done.stdout, flush=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
