#!/usr/bin/env python3
"""The include check must be able to fail: breaks the order and looks."""

import importlib.util
import pathlib
import tempfile
import unittest

spec = importlib.util.spec_from_file_location(
    "includes", pathlib.Path(__file__).with_name("includes.py"))
includes = importlib.util.module_from_spec(spec)
spec.loader.exec_module(includes)


class IncludesTest(unittest.TestCase):
    def offences(self, path, text):
        with tempfile.TemporaryDirectory() as root:
            includes.ROOT = pathlib.Path(root)
            file = includes.ROOT / "src" / path
            file.parent.mkdir(parents=True)
            file.write_text(text)
            return list(includes.offences_of(file))

    def test_downward_is_fine(self):
        self.assertEqual(self.offences("encode/a.cc", '#include "media/picture.h"'), [])

    def test_upward_is_an_offence(self):
        self.assertTrue(self.offences("base/a.cc", '#include "model/shot.h"'))

    def test_stages_do_not_meet(self):
        self.assertTrue(self.offences("encode/a.cc", '#include "shots/shots.h"'))

    def test_a_stage_has_one_door(self):
        self.assertTrue(self.offences("cli/a.cc", '#include "shots/cut.h"'))

    def test_libav_lives_in_media(self):
        self.assertTrue(self.offences("encode/a.cc", "#include <libavutil/frame.h>"))
        self.assertEqual(self.offences("media/a.cc", "#include <libavutil/frame.h>"), [])

    def test_tasks_may_join_stages_the_engine_may_not(self):
        text = '#include "encode/encode.h"'
        self.assertEqual(self.offences("workflow/tasks/a.cc", text), [])
        self.assertTrue(self.offences("workflow/a.cc", text))


if __name__ == "__main__":
    unittest.main()
