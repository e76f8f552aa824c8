#include "quality/picture_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

namespace reel::quality {
namespace {

constexpr int kSmallestSide = 32;
constexpr int kLargestSide = 16384;
// Of the difference of two time stamps: damage may make them any number.
constexpr double kLongestSeconds = 1e9;
constexpr std::chrono::nanoseconds kFineTick = std::chrono::milliseconds(1);

std::string NameOf(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

int64_t BytesOf(const std::string& path) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<int64_t>(bytes);
}

base::Status CheckSize(const std::string& name, int width, int height) {
  const auto [small, large] = std::minmax(width, height);
  if (small >= kSmallestSide && large <= kLargestSide) return {};
  return base::Fail(
      base::Code::kInvalidArgument,
      fmt::format("{}: pictures of {}x{} cannot be scored; both sides must be "
                  "{} to {}",
                  name, width, height, kSmallestSide, kLargestSide));
}

// A clock that ticks once a frame, as y4m's and AVI's, rounds nothing.
std::chrono::nanoseconds ClockTick(const model::VideoTrack& track) {
  const base::Rational base = track.time_base;
  if (base.num <= 0) return {};
  const bool whole_ticks =
      track.frame_rate.num > 0 &&
      base::RescalesExactly(1, base::Inverse(track.frame_rate), base);
  const std::chrono::nanoseconds tick(
      base::Rescale(1, base, {1, 1'000'000'000}));
  return whole_ticks ? std::min(tick, kFineTick) : tick;
}

}  // namespace

bool CanReadTwice(const std::string& path) {
  std::error_code error;
  return path != "-" && std::filesystem::is_regular_file(path, error);
}

base::Result<std::unique_ptr<PictureFile>> PictureFile::Open(
    const std::string& path) {
  REEL_ASSIGN(media::FrameReader reader, media::FrameReader::OpenStream(path));
  const model::VideoTrack& track = reader.track();
  REEL_TRY(CheckSize(NameOf(path), track.width, track.height));
  StreamFacts facts{.name = NameOf(path),
                    .frame_rate = track.frame_rate,
                    .clock_tick = ClockTick(track)};
  const int64_t bytes = CanReadTwice(path) ? BytesOf(path) : 0;
  return std::unique_ptr<PictureFile>(
      new PictureFile(std::move(reader), std::move(facts), bytes));
}

std::optional<std::chrono::nanoseconds> PictureFile::TimeOf(int64_t packet) {
  const model::Packet& facts =
      reader_.packets().packets[static_cast<size_t>(packet)];
  // A packet's time is that of the first of its pictures.
  if (std::exchange(last_packet_, packet) == packet ||
      facts.pts == model::kNoTime)
    return std::nullopt;
  if (frames_ == 0) first_pts_ = facts.pts;
  int64_t ticks = 0;
  if (!first_pts_ || __builtin_sub_overflow(facts.pts, *first_pts_, &ticks))
    return std::nullopt;
  const base::Rational base = reader_.track().time_base;
  if (std::abs(base::Seconds(ticks, base)) > kLongestSeconds)
    return std::nullopt;
  return std::chrono::nanoseconds(
      base::Rescale(ticks, base, {1, 1'000'000'000}));
}

base::Result<std::optional<TimedPicture>> PictureFile::Next() {
  auto frame = reader_.Next();
  if (!frame) return base::Prefix(frame.error(), facts_.name);
  if (!*frame) return std::nullopt;
  const media::Picture& picture = (*frame)->picture;
  REEL_TRY(CheckSize(facts_.name, picture.width(), picture.height()));
  const auto time = TimeOf((*frame)->packet);
  if ((*frame)->damaged && damaged_++ == 0) first_damaged_ = frames_;
  ++frames_;
  const int64_t position = reader_.packets().packets.back().position;
  if (bytes_ > 0 && position > 0)
    fraction_ = std::min(
        1.0, static_cast<double>(position) / static_cast<double>(bytes_));
  return TimedPicture{std::move((*frame)->picture), time};
}

}  // namespace reel::quality
