#include "cli/package_text.h"

#include <fmt/format.h>

#include "service/display.h"

namespace reel::cli {
namespace {

std::string FormatTrack(const imf::TrackListing& track) {
  std::string out = fmt::format("    {:<11} {} s", track.kind,
                                service::DisplayNumber(track.duration, 3));
  if (!track.language.empty()) out += ", " + track.language;
  if (!track.coding.empty()) out += ", " + track.coding;
  out += fmt::format(", {} resource{}\n", track.resources,
                     track.resources == 1 ? "" : "s");
  return out;
}

std::string FormatComposition(const imf::CompositionListing& composition,
                              bool mark) {
  std::string out = fmt::format(
      "  composition {}{}\n    {:<11} {}\n    {:<11} {} s, {} /s, {} "
      "segment{}\n",
      composition.id, mark ? " (taken)" : "", "title", composition.title,
      "duration", service::DisplayNumber(composition.duration, 3),
      base::ToString(composition.edit_rate), composition.segments,
      composition.segments == 1 ? "" : "s");
  for (const imf::TrackListing& track : composition.tracks)
    out += FormatTrack(track);
  return out;
}

}  // namespace

std::string FormatPackage(const imf::PackageListing& package) {
  if (package.compositions.empty()) return "";
  std::string out = fmt::format("{}: IMF package\n", package.directory);
  const bool several = package.compositions.size() > 1;
  for (const imf::CompositionListing& composition : package.compositions)
    out += FormatComposition(composition, several && composition.chosen);
  for (const std::string& id : package.output_profiles)
    out += fmt::format("  output profile list {} (not followed)\n", id);
  return out + "\n";
}

}  // namespace reel::cli
