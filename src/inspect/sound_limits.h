// From when on sound and sync are no longer right: every threshold of their
// checks. What is measured first, and how, stands with the meters.
#pragma once

#include "model/finding.h"

namespace reel::inspect {

struct SoundLimits {
  // audio-missing: a title without a sound track is legal, and usual for stock
  // footage.
  model::Severity missing = model::Severity::kInfo;

  // audio-short: seconds by which the sound ends before the picture.
  double short_warn_seconds = 0.5;
  // Rejected when that much moving picture has no sound, and the sound did not
  // end below this level.
  double short_reject_seconds = 0.5;
  double short_quiet_db = -60;

  // audio-dropout: shorter ones are not reported, longer ones are rejected.
  double dropout_least_seconds = 0.018;
  double dropout_reject_seconds = 0.25;
  // What lasts longer than this is more likely meant: warned of.
  double dropout_long_seconds = 3;
  // A dropout lies between sound of at least this level, which is back at most
  // `dropout_most_change_db` louder or softer,
  double dropout_least_db = -50;
  double dropout_most_change_db = 20;
  // is digital silence (-80 dBFS: most codecs keep it), and takes this time to
  // begin and to end, together (a block of a lossy codec);
  double dropout_floor_db = -80;
  double dropout_edge_seconds = 0.06;
  // or is the noise that some codecs make of silence (Opus), this much below
  // the sound, with sharper edges, for longer than a consonant's pause.
  double dropout_noise_db = -68;
  double dropout_noise_drop_db = 40;
  double dropout_noise_edge_seconds = 0.03;
  double dropout_noise_seconds = 0.1;
  // Missing packets: below this, clocks that were rounded look the same.
  double dropout_hole_seconds = 0.03;
  // In titles that are silent for more than this share anyway, with edges of
  // any kind, silence is no exception: pointed out only.
  double dropout_usual_share = 0.1;

  // audio-clipping: share of a second's samples that are cut off.
  double clipping_warn_share = 0.01;
  // Share of all samples that lie beyond full scale once decoded: what lossy
  // coding leaves of cut tops, or makes of a master that is too loud.
  double clipping_overs_warn_share = 0.005;
  double clipping_overs_info_share = 0.0005;

  // audio-click: prediction error against that around it, and its level.
  double click_warn_ratio = 50;
  double click_warn_db = -14;

  // audio-phase: share of the loud time in which left and right oppose each
  // other, for the whole title; or the length of a stretch.
  double phase_warn_share = 0.8;
  double phase_warn_seconds = 5;
  // Less loud time than this proves nothing.
  double phase_least_seconds = 1;

  // audio-silent-channel: peak of digital silence, as a magnitude (-90 dBFS),
  double silent_peak = 3.2e-5;
  // and how long a channel may be silent midway.
  double silent_warn_seconds = 10;
  // A silent track is rejected, unless it is that of a single take up to this
  // long and coded at a constant rate of more than this: stock footage.
  double silent_take_seconds = 60;
  double silent_take_bps = 32'000;

  // av-offset, av-drift: ITU-R BT.1359-1 puts the limit of detection at 45 ms
  // (sound early) and 125 ms (late), EBU R37 that of a programme at 40 and 60.
  double offset_warn_seconds = 0.04;
  double offset_reject_seconds = 0.1;
};

}  // namespace reel::inspect
