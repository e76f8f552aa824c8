#!/usr/bin/env python3
"""`reel encode` from end to end, checked by other programs."""

import json
import unittest

import reel


class EncodeTest(reel.ReelTestCase):
    def check_title(self, title, report, frames):
        self.assertEqual(report["validation"]["verdict"], "pass")
        for rendition in report["renditions"]:
            track = title / "video" / (rendition["id"] + ".mp4")
            self.assertEqual(reel.count_frames(track), frames, track)
            self.assertEqual(rendition["frames"], frames)
        for manifest in ("master.m3u8", "manifest.mpd"):
            self.assertEqual(reel.count_frames(title / manifest), frames, manifest)
        self.assertEqual(json.loads((title / "report.json").read_text())["renditions"],
                         report["renditions"])
        self.assertIn("<svg", (title / "report.html").read_text())

    def test_every_rendition_and_manifest_holds_every_frame(self):
        clip = reel.make_clip(self.folder / "clip.mp4")
        title, report = self.encode(clip)
        self.check_title(title, report, reel.count_frames(clip))
        self.assertEqual(len(report["audio"]), 1)

    def test_real_clips_of_every_kind(self):
        # Open questions of real files: no sound, variable rate, rotation, odd
        # rates and sizes, other codecs and containers, interlaced, 10 bit.
        for name in ("originals/phone_vfr_handheld_720p.mp4", "originals/bottle_29.83fps_640x360.mp4",
                     "originals/albatross_mpeg4_960x400.avi", "originals/cg_game_320x240_12fps.mkv",
                     "originals/bbb_mpeg2_1080p_two_programs.ts", "originals/webcam_asl_book_640x480.mkv",
                     "originals/phone_hdr10_av1_portrait_720x1280.mp4", "originals/ball_vp9_in_avi.avi",
                     "defects/vfr_irregular.mp4", "defects/duplicate_timestamps.mp4",
                     "defects/clean_hdr10.mp4", "originals/chaplin_1910s_640x360.mp4"):
            with self.subTest(name):
                clip = self.corpus(name)
                title, report = self.encode(clip, directory=clip.stem)
                self.check_title(title, report, report["renditions"][0]["frames"])

    def test_a_second_run_repeats_nothing(self):
        clip = reel.make_clip(self.folder / "clip.mp4")
        title, _ = self.encode(clip)
        before = reel.media_digests(title)
        _, again = self.encode(clip)
        self.assertEqual(again["cost"]["tasks_run"], 0)
        self.assertGreater(again["cost"]["tasks_reused"], 5)
        self.assertEqual(reel.media_digests(title), before)

    def test_one_more_rung_encodes_that_rung_alone(self):
        clip = reel.make_clip(self.folder / "clip.mp4")
        title, first = self.encode(clip)
        before = reel.media_digests(title)
        self.recipe.write_text(reel.QUICK_RECIPE.replace(
            "[chunks]", '[[video.rungs]]\nheight = 180\nrate_bps = 200_000\n'
                        'profile = "h264-baseline"\n[chunks]'))
        _, second = self.encode(clip)
        after = reel.media_digests(title)
        for name, digest in before.items():
            if name.startswith(("video/", "audio/")):
                self.assertEqual(after[name], digest, name)
        self.assertEqual(len(second["renditions"]), len(first["renditions"]) + 1)
        self.assertLess(second["cost"]["cpu_seconds_by_stage"].get("inspect", 0), 0.5)
        self.assertNotIn("audio", second["cost"]["cpu_seconds_by_stage"])

    def test_a_smaller_ladder_leaves_no_stale_file(self):
        clip = reel.make_clip(self.folder / "clip.mp4")
        title, _ = self.encode(clip)
        start = reel.QUICK_RECIPE.index("[[video.rungs]]")
        end = reel.QUICK_RECIPE.index("[[video.rungs]]", start + 1)
        self.recipe.write_text(reel.QUICK_RECIPE[:start] + reel.QUICK_RECIPE[end:])
        _, report = self.encode(clip)
        self.assertEqual([r["id"] for r in report["renditions"]], ["240p-h264"])
        self.assertEqual(sorted(p.name for p in (title / "video").iterdir()),
                         ["240p-h264-iframes.m3u8", "240p-h264.m3u8", "240p-h264.mp4"])

    def test_bytes_do_not_depend_on_the_number_of_workers(self):
        clip = reel.make_clip(self.folder / "clip.mp4")
        one, _ = self.encode(clip, "--workers", "1", directory="one")
        four, _ = self.encode(clip, "--workers", "4", directory="four")
        self.assertEqual(reel.media_digests(one), reel.media_digests(four))

    def test_a_bad_source_is_rejected_before_anything_is_encoded(self):
        for name, code in (("zero_bytes.mp4", "empty-file"), ("text_renamed.mp4", "not-media"),
                           ("bitflips_video.mp4", "packets-corrupt"),
                           ("cut_mid_mdat.mp4", "container-truncated"),
                           ("nonmonotonic_timestamps.ts", "timestamps-non-monotonic"),
                           ("resolution_change.ts", "resolution-changed")):
            with self.subTest(name):
                clip = self.corpus("defects/" + name)
                title = self.folder / clip.stem
                done = reel.run("encode", clip, "-o", title, "--recipe", self.recipe, "--json")
                self.assertEqual(done.returncode, 3, done.stderr)
                last = json.loads(done.stdout.splitlines()[-1])
                self.assertEqual(last["inspection"]["verdict"], "reject")
                self.assertIn(code, [f["code"] for f in last["inspection"]["findings"]])
                self.assertNotIn("encode", last["cost"]["cpu_seconds_by_stage"])
                self.assert_no_manifest(title)


if __name__ == "__main__":
    unittest.main(verbosity=2)
