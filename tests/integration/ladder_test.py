"""Searched ladders through the real program: what is promised, what is kept,
what is reused, and titles that are hardly any."""

import json
import os
import subprocess
import unittest
import unittest.mock

import reel

def make(path, *source, frames=None):
    """A lossless clip from ffmpeg's own pictures."""
    limit = ["-frames:v", str(frames)] if frames else []
    subprocess.run(["ffmpeg", "-y", "-v", "error", *source, *limit, "-c:v", "libx264", "-qp", "0",
                    "-preset", "ultrafast", "-threads", "1", str(path)], check=True)
    return path


def encodes(report):
    """Each chunk of each rendition once."""
    found = {}
    for shot in report["shots"]:
        for encode in shot["encodes"]:
            found[encode["rendition"], encode["chunk"]] = encode
    return found


class LadderTest(reel.ReelTestCase):
    def setUp(self):
        super().setUp()
        self.per_shot = self.write_recipe("per-shot")

    def write_recipe(self, mode, more=""):
        path = self.folder / f"{mode}.toml"
        path.write_text(reel.SEARCHED_RECIPE.replace("MODE", mode) + more)
        return path

    def clip(self):
        return reel.make_clip(self.folder / "clip.mp4", seconds=4.5, rate="24")

    def ladder(self, source, *more, recipe=None):
        done = reel.run("ladder", source, "--recipe", recipe or self.per_shot, "--json", *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def assert_lawful(self, report):
        rungs = report["ladder"]["rungs"]
        self.assertTrue(rungs)
        self.assertEqual([r["id"] for r in rungs], [r["id"] for r in report["renditions"]])
        for upper, lower in zip(rungs, rungs[1:]):
            self.assertGreaterEqual(upper["height"], lower["height"])
            self.assertGreater(upper["target_vmaf"], lower["target_vmaf"])
        for rendition, rung in zip(report["renditions"], rungs):
            self.assertLessEqual(rendition["peak_bitrate"], rung["maxrate_bps"] * 1.6)
        self.assertEqual(report["validation"]["verdict"], "pass")

    def test_each_shot_keeps_its_promise(self):
        _, report = self.encode(self.clip(), recipe=self.per_shot)
        self.assert_lawful(report)
        self.assertEqual(report["ladder"]["mode"], "per-shot")
        for rung, rendition in zip(report["ladder"]["rungs"], report["renditions"]):
            self.assertAlmostEqual(rendition["vmaf"]["harmonic_mean"], rung["target_vmaf"],
                                   delta=2.0)
        reported = {(f["evidence"]["rendition"], f["first_frame"])
                    for f in report["quality"]["findings"]
                    if f["code"] == "quality-below-target"}
        found = encodes(report)
        self.assertEqual(len(found), len(report["renditions"]) * len({c for _, c in found}))
        for (rendition, _), encode in found.items():
            self.assertGreaterEqual(encode["attempts"], 1)
            self.assertLessEqual(encode["attempts"], 3)
            if encode["vmaf"] < encode["target_vmaf"] - 1.0:
                self.assertIn(rendition, {name for name, _ in reported}, encode)

    def test_our_scores_are_those_of_the_finished_streams(self):
        source = self.clip()
        title, report = self.encode(source, recipe=self.per_shot)
        top = report["renditions"][0]
        done = reel.run("vmaf", source, title / "video" / f"{top['id']}.mp4", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        whole = json.loads(done.stdout.splitlines()[-1])
        # Chunks are scored without the frame before their first.
        self.assertAlmostEqual(whole["distorted"][0]["scores"]["vmaf"]["mean"],
                               top["vmaf"]["mean"], delta=0.5)

    def test_the_same_bytes_with_any_number_of_workers(self):
        source = self.clip()
        one, _ = self.encode(source, "--workers", "1", directory="one", recipe=self.per_shot)
        four, _ = self.encode(source, "--workers", "4", directory="four", recipe=self.per_shot)
        self.assertEqual(reel.media_digests(one), reel.media_digests(four))

    def test_a_title_of_many_shots(self):
        # More chunks than are designed rung by rung: there are anchors instead.
        starts = (0, 1.5, 3, 0.75, 2.25, 3.75)
        pieces = "".join(f"[0:v]trim={start}:{start + 0.7},setpts=PTS-STARTPTS[v{i}];"
                         for i, start in enumerate(starts))
        source = make(self.folder / "shots.mp4", "-i", self.clip(), "-filter_complex",
                      pieces + "".join(f"[v{i}]" for i in range(6)) + "concat=n=6[v]",
                      "-map", "[v]")
        one, report = self.encode(source, "--workers", "1", directory="one", recipe=self.per_shot)
        four, _ = self.encode(source, "--workers", "4", directory="four", recipe=self.per_shot)
        self.assertEqual(reel.media_digests(one), reel.media_digests(four))
        self.assert_lawful(report)
        found = encodes(report)
        self.assertGreater(len({chunk for _, chunk in found}), 4)
        reported = {f["evidence"]["rendition"] for f in report["quality"]["findings"]
                    if f["code"] == "quality-below-target"}
        for (rendition, _), encode in found.items():
            self.assertLessEqual(encode["attempts"], 3)
            if encode["vmaf"] < encode["target_vmaf"] - 1.0:
                self.assertIn(rendition, reported, encode)
        for rung, rendition in zip(report["ladder"]["rungs"], report["renditions"]):
            self.assertAlmostEqual(rendition["vmaf"]["harmonic_mean"], rung["target_vmaf"],
                                   delta=2.0)

    def test_the_same_bytes_whatever_memory_held(self):
        # What nobody wrote may not be read: x264 with AVX-512 did.
        source = self.clip()
        digests = []
        for value in ("85", "170", "255"):
            with unittest.mock.patch.dict(os.environ, {"MALLOC_PERTURB_": value}):
                title, _ = self.encode(source, directory=value, recipe=self.per_shot)
            digests.append(reel.media_digests(title))
        self.assertEqual(digests[0], digests[1])
        self.assertEqual(digests[0], digests[2])

    def test_an_analysis_is_where_an_encode_goes_on(self):
        source = self.clip()
        state = self.folder / "state"
        plot = self.folder / "hull.svg"
        found = self.ladder(source, "--state", state, "--plot", plot)
        self.assertIn(found["ladder"]["rungs"][0]["id"], plot.read_text())
        self.assertGreater(len(found["points"]), 10)
        self.assertEqual(len(found["estimate"]["bytes"]), len(found["ladder"]["rungs"]))
        _, report = self.encode(source, "--state", state, recipe=self.per_shot)
        self.assertGreater(report["cost"]["tasks_reused"], 5)
        self.assertLess(report["cost"]["cpu_seconds_by_stage"].get("ladder", 0), 0.5)
        # Nothing of it is done twice: the same again runs no task at all.
        _, again = self.encode(source, "--state", state, recipe=self.per_shot)
        self.assertEqual(again["cost"]["tasks_run"], 0)

    def test_one_crf_for_a_title(self):
        _, report = self.encode(self.clip(), recipe=self.write_recipe("per-title"))
        self.assert_lawful(report)
        self.assertEqual(report["ladder"]["mode"], "per-title")
        for rung, choices in zip(report["ladder"]["rungs"], report["ladder"]["choices"]):
            self.assertEqual({choice["crf"] for choice in choices}, {rung["crf"]})

    def test_a_fixed_ladder_can_be_measured(self):
        recipe = self.folder / "measured.toml"
        recipe.write_text(reel.QUICK_RECIPE + "[quality]\nmeasure = true\n")
        _, report = self.encode(self.clip(), recipe=recipe)
        for rendition in report["renditions"]:
            self.assertGreater(rendition["vmaf"]["mean"], 5)
        self.assertEqual(report["quality"]["verdict"], "pass")
        _, plain = self.encode(self.clip(), directory="plain")
        self.assertIsNone(plain["renditions"][0]["vmaf"])
        self.assertEqual(plain["quality"]["verdict"], "not-measured")

    def test_a_rate_that_is_too_low_is_told(self):
        recipe = self.folder / "tight.toml"
        recipe.write_text(self.per_shot.read_text().replace("8_000_000", "150_000")
                          .replace("3_000_000", "100_000"))
        _, report = self.encode(self.clip(), recipe=recipe)
        self.assert_lawful(report)
        self.assertLess(report["ladder"]["rungs"][0]["target_vmaf"], 92)
        self.assertIn("below the target", report["ladder"]["rungs"][0]["reason"])

    def test_titles_that_are_hardly_any(self):
        moving = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25"]
        cases = {
            "one_frame": make(self.folder / "one_frame.mp4", *moving, frames=1),
            "one_second": make(self.folder / "one_second.mp4", *moving, frames=25),
            "sixty": make(self.folder / "sixty.mp4", "-f", "lavfi", "-i",
                          "testsrc2=s=320x180:r=60", frames=90),
            "low": make(self.folder / "low.mp4", "-f", "lavfi", "-i",
                        "testsrc2=s=160x120:r=25", frames=30),
            "tiny": make(self.folder / "tiny.mp4", "-f", "lavfi", "-i",
                         "testsrc2=s=30x20:r=25", frames=30),
            "ten_bit": make(self.folder / "ten_bit.mp4", "-f", "lavfi", "-i",
                            "testsrc2=s=320x180:r=25,format=yuv420p10le", frames=30),
        }
        for name, source in cases.items():
            with self.subTest(name):
                _, report = self.encode(source, directory=name, recipe=self.per_shot)
                self.assert_lawful(report)

    def test_black_needs_one_rung(self):
        # Inspection rejects black in a film; here it is what is asked for.
        black = make(self.folder / "black.mp4", "-f", "lavfi", "-i",
                     "color=black:s=320x180:r=25", frames=60)
        recipe = self.write_recipe("per-shot", "[inspection]\nblack_ms = 3600000\n"
                                   "black_at_start_ms = 3600000\nblack_at_end_ms = 3600000\n"
                                   "freeze_ms = 3600000\n")
        found = self.ladder(black, recipe=recipe)
        self.assertEqual(len(found["ladder"]["rungs"]), 1)
        self.assertLess(found["ladder"]["rungs"][0]["rate_bps"], 20_000)


if __name__ == "__main__":
    unittest.main()
