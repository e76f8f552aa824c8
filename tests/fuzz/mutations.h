// Seeded damage to clips, essence and XML: what an attacker, a bad disk or a
// bad program makes of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace reel::fuzz {

using Bytes = std::vector<uint8_t>;
using Random = std::mt19937;

// 0 .. end - 1; 0 if `end` is 0.
size_t Below(Random& random, size_t end);

// One to three of: bit flips, cuts, splices, extreme sizes of MP4 boxes and
// counts of their tables, extreme lengths of MXF's KLV triplets.
Bytes MutateMedia(Bytes bytes, Random& random);

// One to three of: those to bytes; elements taken out or repeated, identifiers
// swapped, numbers made extreme; entities that expand, deep nests, huge texts
// and attributes, hundreds of thousands of elements. External entities name
// `secret`, a file.
std::string MutateXml(std::string xml, const std::string& secret,
                      Random& random);

// The text between the tags of `element` at or after `from` is replaced.
// Whether there is one.
bool ReplaceText(std::string& xml, const std::string& element, size_t from,
                 const std::string& text);

}  // namespace reel::fuzz
