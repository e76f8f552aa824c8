#!/usr/bin/env python3
"""A few of the variations of `./run fuzz variations`: one of each kind of trouble
that they once met, and of each container."""

import unittest

import reel
import variations

SAMPLE = {
    1: "open groups of pictures in MP4, with B pyramids",
    17: "the same in Matroska, no sound",
    23: "variable frame rate in a transport stream",
    24: "MPEG-4 part 2 in AVI",
    26: "VP9 of 10 bits in WebM",
    33: "H.264 in a transport stream, saturated red leaves",
    44: "ProRes in QuickTime, whose colours the container tells",
    68: "H.264 of 10 bits",
    94: "FFV1",
    101: "HEVC",
    112: "an ordinary MP4",
    140: "ProRes in Matroska",
}


class VariationsTest(reel.ReelTestCase):
    def test_sound_clips_are_not_rejected(self):
        self.corpus("originals")
        for number in SAMPLE:
            variation = variations.make(number)
            with self.subTest(variation.name):
                path = variations.encode(variation, self.folder)
                verdict, findings = variations.inspect(path)
                self.assertIn(verdict, ("accept", "warn"), findings)
                path.unlink()


if __name__ == "__main__":
    unittest.main(verbosity=2)
