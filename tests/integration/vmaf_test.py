#!/usr/bin/env python3
"""`reel vmaf`: the numbers of libvmaf, from files and pipes, with any number of
threads; and one clear line for whatever cannot be compared."""

import json
import os
import pathlib
import signal
import struct
import subprocess
import time
import unittest

import reel

VMAF = pathlib.Path(os.environ.get("REEL_SHARED_VMAF", reel.ROOT / "../shared/vmaf"))


def ffmpeg(*arguments, **options):
    return subprocess.run(["ffmpeg", "-y", "-v", "error", *map(str, arguments)], check=True,
                          **options)


def y4m(width, height, frames=3, rate="25:1"):
    """Gray pictures that get brighter."""
    size = width * height + 2 * ((width + 1) // 2) * ((height + 1) // 2)
    head = f"YUV4MPEG2 W{width} H{height} F{rate} Ip C420jpeg\n".encode()
    return head + b"".join(b"FRAME\n" + bytes([40 + 9 * n % 200]) * size for n in range(frames))


class VmafTestCase(reel.ReelTestCase):
    def scores(self, *arguments, **options):
        """The object that --json prints."""
        done = reel.run("vmaf", *arguments, "--json", **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def pooled(self, *arguments, **options):
        return self.scores(*arguments, **options)["distorted"][0]["scores"]["vmaf"]

    def per_frame(self, *arguments):
        path = self.folder / "scores.json"
        self.scores(*arguments, "-o", path)
        log = json.loads(path.read_text())
        del log["fps"]  # the one thing that may differ
        return log

    def refused(self, code, *words, arguments, **options):
        done = reel.run("vmaf", *arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        last = done.stderr.splitlines()[-1]
        self.assertTrue(last.startswith("reel: "), last)
        for word in words:
            self.assertIn(str(word), last)
        leftovers = [p.name for p in self.folder.iterdir() if ".tmp-" in p.name]
        self.assertEqual(leftovers, [])


class GoldenTest(VmafTestCase):
    """Against what libvmaf says of the same clips."""

    def setUp(self):
        super().setUp()
        if not (VMAF / "golden").is_dir():
            self.skipTest(f"no golden pairs at {VMAF}")

    def media(self, name):
        return VMAF / "media" / f"{name}.mkv"

    def check(self, name):
        golden = json.loads((VMAF / "golden" / f"{name}.json").read_text())
        models = ("vmaf", "vmaf_neg", "vmaf_4k")
        log = self.per_frame(VMAF / golden["ref"], VMAF / golden["dist"], "--model", "v0.6.1",
                             "--model", "neg", "--model", "4k", "--metrics", "psnr,ssim,ciede",
                             "--threads", "2")
        self.assertEqual([f["frameNum"] for f in log["frames"]],
                         list(range(len(golden["frames"]))))
        for ours, theirs in zip(log["frames"], golden["frames"]):
            for metric, value in ours["metrics"].items():
                # libvmaf cannot read the chroma of odd sizes.
                want = theirs["metrics"].get(metric, value)
                delta = (0.01 if metric in models else
                         2e-6 if metric.startswith("integer") else 1e-4)
                self.assertAlmostEqual(value, want, delta=delta,
                                       msg=f"{name} {theirs['frameNum']} {metric}")
        for metric in models:
            for how, want in golden["pooled_metrics"][metric].items():
                self.assertAlmostEqual(log["pooled_metrics"][metric][how], want, delta=0.005,
                                       msg=f"{name} {metric} {how}")

    def test_every_frame_and_pooled_score(self):
        for name in ("vtest_x264_45", "car_sharp", "real_mjpeg", "cock10_x264_35", "cut_x264_35",
                     "flat_noise", "noise_blur"):
            with self.subTest(name):
                self.check(name)

    def test_threads_change_nothing(self):
        pair = self.media("ref_car_576x324"), self.media("dis_car_x265_32")
        one = self.per_frame(*pair, "--threads", "1")
        self.assertEqual(one, self.per_frame(*pair, "--threads", "2"))
        self.assertEqual(one, self.per_frame(*pair, "--threads", "5"))

    def test_a_pipe_is_as_good_as_a_file(self):
        reference, distorted = self.media("ref_noise_192x108"), self.media("dis_noise_blur")
        raw = ffmpeg("-i", distorted, "-f", "yuv4mpegpipe", "-", stdout=subprocess.PIPE).stdout
        done = subprocess.run([reel.BINARY, "vmaf", reference, "-", "--json"], input=raw,
                              capture_output=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stderr)
        piped = json.loads(done.stdout)["distorted"][0]["scores"]
        self.assertEqual(piped, self.scores(reference, distorted)["distorted"][0]["scores"])

    def test_a_ladder_has_each_pairs_scores(self):
        reference = self.media("ref_vtest_352x288")
        rungs = [self.media(f"dis_vtest_x264_{crf}") for crf in (18, 45)]
        part = "--range", "0:8"
        outputs = [self.folder / "18.csv", self.folder / "45.csv"]
        ladder = self.scores(reference, *rungs, *part, "-o", outputs[0], "-o", outputs[1],
                             "--plot", self.folder / "plot.svg")
        for rung, scores, output in zip(rungs, ladder["distorted"], outputs):
            alone = self.scores(reference, rung, *part)
            self.assertEqual(alone["distorted"], [scores])
            lines = output.read_text().splitlines()
            self.assertEqual(len(lines), 9)
            column = lines[0].split(",").index("vmaf")
            mean = sum(float(line.split(",")[column]) for line in lines[1:]) / 8
            self.assertAlmostEqual(mean, scores["scores"]["vmaf"]["mean"], delta=1e-5)
        svg = (self.folder / "plot.svg").read_text()
        self.assertIn("dis_vtest_x264_45.mkv", svg)
        self.assertEqual(svg.count("stroke-linejoin"), 2)

    def test_a_subsample_has_the_same_scores(self):
        pair = self.media("ref_vtest_352x288"), self.media("dis_vtest_x264_45"), "--range", "0:12"
        every = self.per_frame(*pair)["frames"]
        self.assertEqual(self.per_frame(*pair, "--subsample", "5")["frames"], every[::5])

    def test_a_smaller_picture_is_scaled_as_ffmpeg_scales_it(self):
        reference = self.media("ref_one_638x358")
        half, full = self.folder / "half.mkv", self.folder / "full.mkv"
        exact = "flags=bicubic+accurate_rnd+bitexact"
        ffmpeg("-i", reference, "-frames:v", "6", "-vf", f"scale=320:180:{exact}", "-c:v", "ffv1",
               half)
        ffmpeg("-i", half, "-vf", f"scale=638:358:{exact}", "-c:v", "ffv1", full)
        ours = self.scores(reference, half, "--range", ":6")
        theirs = self.scores(reference, full, "--range", ":6")
        self.assertEqual(ours["distorted"][0]["scores"], theirs["distorted"][0]["scores"])
        self.assertIn("scaled from 320x180 to 638x358", ours["notes"][0])

    def test_both_are_scaled_when_asked(self):
        pair = self.media("ref_car_576x324"), self.media("dis_car_x264_23")
        scores = self.scores(*pair, "--width", "288", "--height", "162", "--range", "0:3")
        self.assertEqual((scores["width"], scores["height"]), (288, 162))
        self.assertEqual(len(scores["notes"]), 2)

    def test_other_depths_and_ranges_are_brought_to_the_references(self):
        reference = self.media("ref_car10_576x324")
        eight, full = self.folder / "eight.mkv", self.folder / "full.mkv"
        ffmpeg("-i", reference, "-frames:v", "3", "-pix_fmt", "yuv420p", "-c:v", "ffv1", eight)
        ffmpeg("-i", reference, "-frames:v", "3", "-vf", "scale=out_range=pc", "-pix_fmt",
               "yuv420p10le", "-color_range", "pc", "-c:v", "ffv1", full)
        for path, note in ((eight, "from 8 to 10 bits"), (full, "from full to limited range")):
            scores = self.scores(reference, path, "--range", ":3")
            self.assertIn(note, scores["notes"][0])
            self.assertGreater(scores["distorted"][0]["scores"]["vmaf"]["mean"], 96)

    def test_align_finds_the_offset(self):
        reference = self.media("ref_vtest_352x288")
        late = self.folder / "late.mkv"
        ffmpeg("-i", reference, "-vf", "trim=start_frame=4,setpts=PTS-STARTPTS", "-c:v", "libx264",
               "-crf", "26", late)
        self.refused(2, "late.mkv has 26 frames", "ref_vtest_352x288.mkv has 30", "--align",
                     arguments=(reference, late))
        aligned = self.scores(reference, late, "--align")["distorted"][0]
        self.assertEqual((aligned["offset"], aligned["frames"]), (4, 26))
        self.assertGreater(aligned["scores"]["vmaf"]["mean"], 85)
        swapped = self.scores(late, reference, "--align")["distorted"][0]
        self.assertEqual((swapped["offset"], swapped["frames"]), (-4, 26))
        self.refused(2, "ref_real_351x263.mkv", "offset",
                     arguments=(reference, self.media("ref_real_351x263"), "--align"))


class TroubleTest(VmafTestCase):
    def clip(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def setUp(self):
        super().setUp()
        self.good = self.clip("good.y4m", y4m(64, 48, frames=9))

    def test_the_same_file_is_as_good_as_itself(self):
        self.assertGreater(self.pooled(self.good, self.good)["min"], 97)

    def test_counts_that_differ(self):
        short = self.clip("short.y4m", y4m(64, 48, frames=7))
        self.refused(2, "short.y4m has 7 frames", "good.y4m has 9", arguments=(self.good, short))
        self.refused(2, "good.y4m has 9 frames", "short.y4m has 7", arguments=(short, self.good))

    def test_rates_that_differ(self):
        fast = self.clip("fast.y4m", y4m(64, 48, frames=9, rate="30:1"))
        self.refused(2, "fast.y4m", "30 and 25 frames/s", arguments=(self.good, fast))

    def test_a_truncated_file(self):
        cut = self.clip("cut.y4m", self.good.read_bytes()[:-100])
        self.refused(2, "cut.y4m", arguments=(self.good, cut))
        clip = reel.make_clip(self.folder / "clip.mp4", seconds=3)
        cut = self.clip("cut.mp4", clip.read_bytes()[:9000])
        self.refused(1, "cut.mp4", arguments=(clip, cut))
        mkv = self.folder / "clip.mkv"
        ffmpeg("-i", clip, "-c", "copy", mkv)
        cut = self.clip("cut.mkv", mkv.read_bytes()[:mkv.stat().st_size // 2])
        self.refused(2, "cut.mkv has", "clip.mp4 has 72", arguments=(clip, cut, "--range", "60:"))

    def test_files_that_are_no_video(self):
        for name, data, code in (("empty.mp4", b"", 1), ("text.txt", b"no video\n" * 99, 1),
                                 ("none.y4m", y4m(64, 48, frames=0), None)):
            with self.subTest(name):
                path = self.clip(name, data)
                for pair in ((self.good, path), (path, self.good)):
                    done = reel.run("vmaf", *pair)
                    self.assertIn(done.returncode, (1, 2) if code is None else (code,), done.stderr)
                    self.assertIn(name, done.stderr.splitlines()[-1])
        self.refused(2, "nothing.mp4", "no such file",
                     arguments=(self.good, self.folder / "nothing.mp4"))
        self.refused(2, "directory", arguments=(self.good, self.folder))

    def test_a_sound_without_a_picture(self):
        sound = self.folder / "sound.wav"
        ffmpeg("-f", "lavfi", "-i", "sine=d=1", sound)
        self.refused(2, "sound.wav", "no picture", arguments=(self.good, sound))

    def test_sizes_beyond_bounds(self):
        for width, height in ((16385, 32), (32, 16385), (31, 48), (8, 8)):
            with self.subTest(f"{width}x{height}"):
                path = self.clip("odd.y4m", y4m(width, height, frames=1))
                self.refused(2, "odd.y4m", f"{width}x{height}", arguments=(path, path))

    def test_the_widest_picture(self):
        wide = self.clip("wide.y4m", y4m(16384, 32, frames=2))
        self.assertGreater(self.pooled(wide, wide)["min"], 97)

    def test_samples_beyond_their_depth(self):
        head = b"YUV4MPEG2 W64 H48 F25:1 Ip C420p10 XYSCSS=420P10\n"
        wild = b"".join(b"FRAME\n" + struct.pack("<H", 65535 - 40000 * n) * (64 * 72)
                        for n in range(2))
        path = self.clip("wild.y4m", head + wild)
        done = reel.run("vmaf", path, path)
        self.assertIn(done.returncode, (0, 1, 2), done.stderr)

    def test_outputs_that_cannot_be(self):
        self.refused(2, "/proc/scores.json", arguments=(self.good, self.good, "-o",
                                                        "/proc/scores.json"))
        self.refused(2, "scores.xml", ".csv", arguments=(self.good, self.good, "-o",
                                                         self.folder / "scores.xml"))
        self.refused(2, "once for each", arguments=(self.good, self.good, self.good, "-o",
                                                    self.folder / "scores.json"))

    def test_nothing_is_left_after_an_error(self):
        short = self.clip("short.y4m", y4m(64, 48, frames=7))
        self.refused(2, "short.y4m", arguments=(self.good, short, "-o", self.folder / "s.json",
                                                "--plot", self.folder / "s.svg"))
        self.assertFalse((self.folder / "s.json").exists())
        self.assertFalse((self.folder / "s.svg").exists())

    def test_wrong_usage(self):
        for words, arguments in ((["DIST"], [self.good]),
                                 (["--range", "A:B"], [self.good, self.good, "--range", "7"]),
                                 (["no frame"], [self.good, self.good, "--range", "70:"]),
                                 (["--width and --height"],
                                  [self.good, self.good, "--width", "64"]),
                                 (["v0.6.1"], [self.good, self.good, "--model", "best"]),
                                 (["called the same"], [self.good, self.good, "--model", "neg",
                                                        "--model", "neg"]),
                                 (["colour"], [self.good, self.good, "--width", "64", "--height",
                                               "64", "--metrics", "psnr,ciede"]),
                                 (["ms-ssim"], [self.good, self.good, "--metrics", "vif"]),
                                 (["standard input"], ["-", "-"]),
                                 (["pipe"], [self.good, "-", "--align"])):
            with self.subTest(arguments[1:]):
                self.refused(2, *words, arguments=arguments, stdin=subprocess.DEVNULL)

    def test_an_interrupt_ends_it_with_nothing_written(self):
        long = self.clip("long.y4m", y4m(640, 480, frames=400))
        output = self.folder / "long.json"
        process = reel.start("vmaf", long, long, "-o", output)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, stderr)
        self.assertEqual([p.name for p in self.folder.iterdir() if "long.json" in p.name], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
