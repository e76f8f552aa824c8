// Stretches without sound between sound: dropouts among them.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "inspect/sound_facts.h"

namespace reel::inspect {

// Method: quiet is below -65 dBFS over 5 ms, which no microphone and no room
// reaches right beside sound; what matters are the edges, for sound that ends
// by itself takes a tenth of a second and more to fade by 40 dB (reverberation,
// release of a gate), sound that is lost stops at once. Lossy coding blurs an
// edge by a block, 20 to 45 ms, and may leave a blip of 15 ms in the quiet.
class SilenceFinder {
 public:
  explicit SilenceFinder(int channel) : channel_(channel) {}

  // Levels one after the other.
  //   time     when these 5 ms begin
  //   power    mean square
  //   seconds  about 5 ms
  void See(double time, double power, double seconds);
  void Finish();

  // Those between sound of at least -50 dBFS whose edges are sharper than 80
  // ms, in order, at most kMaxSoundEvents.
  const std::vector<Silence>& silences() const { return silences_; }
  // All stretches of 15 ms and more between any sound.
  int64_t count() const { return count_; }
  double seconds() const { return seconds_; }

 private:
  static constexpr size_t kNeighbours = 40;  // levels: 200 ms
  static constexpr size_t kBlurred = 5;      // levels at either end
  enum class State { kSound, kQuiet, kAfter };

  void Begin(double time, double seconds);
  void SeeQuiet(double power);
  void SeeAfter(double power, double seconds);
  void Close(double seconds);

  int channel_;
  State state_ = State::kSound;
  std::array<double, kNeighbours> before_{};  // ring of the latest sound
  size_t seen_ = 0;
  Silence open_;
  std::array<double, kBlurred> inside_{};  // ring of its latest powers
  size_t inside_seen_ = 0;
  double least_ = 0;   // of all inside
  double floor_ = -1;  // largest that is kBlurred from both ends; -1: none is
  std::vector<double> after_;
  std::vector<Silence> silences_;
  int64_t count_ = 0;
  double seconds_ = 0;
};

}  // namespace reel::inspect
