// Made-up titles for tests of checks: 25 frames per second, times in ms.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inspect/check.h"

namespace reel::inspect {

inline model::Source MadeUpSource() {
  model::Source source;
  source.container = "mov,mp4,m4a,3gp,3g2,mj2";
  source.video.index = 0;
  source.video.codec = "h264";
  source.video.time_base = {1, 1000};
  source.video.frame_rate = {25, 1};
  source.video.color = {"bt709", "bt709", "bt709", "tv"};
  source.audio.push_back({.index = 1,
                          .codec = "aac",
                          .sample_rate_hz = 48'000,
                          .channels = 2,
                          .layout = "stereo",
                          .language = "eng",
                          .time_base = {1, 48'000}});
  return source;
}

// A key packet every ten; presented in file order.
inline model::PacketIndex MadeUpPackets(int64_t count) {
  model::PacketIndex index;
  for (int64_t n = 0; n < count; ++n) {
    model::Packet packet;
    packet.pts = packet.dts = 40 * n;
    packet.duration = 40;
    packet.key = n % 10 == 0;
    index.packets.push_back(packet);
  }
  return index;
}

// A sound file of four seconds.
inline FileFacts MadeUpFile() {
  FileFacts facts;
  facts.bytes = 1000;
  facts.source = MadeUpSource();
  facts.source.container_duration = {4, 1};
  facts.packets.video = MadeUpPackets(100);
  facts.packets.end_us = 4'000'000;
  return facts;
}

// A lit picture of an ordinary film.
inline PictureStats MadeUpPicture() {
  PictureStats stats;
  stats.luma = {70, 90, 150, 400, 700, 800, 850};
  stats.saturation = 60;
  stats.rgb_peak = 900;
  stats.weave = {
      .own = 40, .field = 100, .top_earlier = 200, .bottom_earlier = 200};
  stats.light.fill(120);
  return stats;
}

// The title of that file: every frame moves.
struct MadeUpTitle {
  ScanResult scan{MadeUpSource(), MadeUpPackets(100), {}, {}};
  model::FrameTable frames;
  model::Fingerprints fingerprints;
  PictureTable pictures;
  std::vector<RefusedPacket> refused;
  model::InspectionLimits limits;

  MadeUpTitle() {
    for (int64_t n = 0; n < std::ssize(scan.packets.packets); ++n) {
      frames.push_back({n, scan.packets.packets[static_cast<size_t>(n)].pts});
      model::Fingerprint print;
      print.change = 500;
      fingerprints.push_back(print);
      pictures.push_back(MadeUpPicture());
    }
  }

  // Moves the frames from `first` on.
  void Delay(size_t first, int64_t ms) {
    for (size_t n = first; n < frames.size(); ++n) frames[n].pts += ms;
  }

  TitleFacts Facts() const {
    return MakeTitleFacts(limits, scan, frames, fingerprints, pictures,
                          refused);
  }
};

}  // namespace reel::inspect
