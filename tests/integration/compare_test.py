#!/usr/bin/env python3
"""reel compare through the real program: two recipes over real encodes."""

import json
import unittest

import reel


class CompareTest(reel.ReelTestCase):
    def setUp(self):
        super().setUp()
        self.searched = self.folder / "searched.toml"
        self.searched.write_text(reel.SEARCHED_RECIPE.replace("MODE", "per-shot"))
        # The same ladder twice, once by a slower preset.
        self.quick, self.slow = self.folder / "quick.toml", self.folder / "slow.toml"
        fixed = reel.SEARCHED_RECIPE.replace("MODE", "fixed")
        self.quick.write_text(fixed)
        self.slow.write_text(fixed.replace("veryfast", "slow"))

    def clip(self, name="clip", seconds=3):
        return reel.make_clip(self.folder / f"{name}.mp4", seconds=seconds, rate="24")

    def compare(self, *arguments):
        done = reel.run("compare", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_a_recipe_is_equal_to_itself(self):
        found = json.loads(self.compare(self.clip(), "--anchor", self.quick, "--test", self.quick,
                                        "--json").splitlines()[-1])
        self.assertAlmostEqual(found["all"]["vmaf_percent"], 0)
        self.assertAlmostEqual(found["all"]["psnr_percent"], 0)

    def test_a_slower_preset_takes_more_cpu_and_draws_another_curve(self):
        plots = self.folder / "plots"
        state = self.folder / "state"
        arguments = [self.clip("a"), self.clip("b", seconds=4), "--anchor", self.quick, "--test", self.slow,
                     "--state", state]
        found = json.loads(self.compare(*arguments, "--plot", plots, "--json").splitlines()[-1])
        self.assertEqual([title["title"] for title in found["titles"]], ["a", "b"])
        for title in found["titles"]:
            self.assertEqual(len(title["anchor_points"]), 2)
            self.assertGreater(title["test_cpu_seconds"], title["anchor_cpu_seconds"])
            self.assertNotEqual(title["vmaf"]["percent"], 0)
            self.assertLess(title["vmaf"]["low"], title["vmaf"]["high"])
            for point in title["test_points"]:
                self.assertGreater(point["psnr"], 15)
        self.assertEqual(sorted(path.name for path in plots.iterdir()),
                         ["01-a-psnr.svg", "01-a-vmaf.svg", "02-b-psnr.svg", "02-b-vmaf.svg"])
        self.assertIn("slow", (plots / "01-a-vmaf.svg").read_text())
        # The same again, from the state: a table, and the same numbers.
        text = self.compare(*arguments)
        self.assertIn("mean of 2", text)
        self.assertIn(f"{found['titles'][0]['vmaf']['percent']:+.1f} %", text)

    def test_a_searched_ladder_can_be_one_of_them(self):
        found = json.loads(self.compare(self.clip(), "--anchor", self.quick, "--test",
                                        self.searched, "--json").splitlines()[-1])
        title = found["titles"][0]
        self.assertTrue(title["content_class"])
        self.assertGreaterEqual(len(title["test_points"]), 2)

    def test_a_bad_source_does_not_end_the_others(self):
        bad = self.folder / "bad.mp4"
        bad.write_bytes(b"no film")
        done = reel.run("compare", bad, self.clip(), "--anchor", self.quick, "--test", self.slow)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("bad.mp4", done.stderr)
        self.assertIn("clip", done.stdout)
        done = reel.run("compare", bad, self.clip(), "--anchor", self.quick, "--test", self.slow,
                        "--json")
        self.assertNotEqual(done.returncode, 0)
        found = json.loads(done.stdout.splitlines()[-1])
        self.assertIn("bad.mp4", found["error"]["message"])
        self.assertEqual([title["title"] for title in found["titles"]], ["clip"])

    def test_what_is_not_there_is_told_before_anything_is_done(self):
        for arguments, what in ((["missing.mp4"], "missing.mp4"),
                                ([self.clip(), "--test", "no-such-recipe"], "no-such-recipe")):
            done = reel.run("compare", *arguments)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(what, done.stderr)


if __name__ == "__main__":
    unittest.main()
