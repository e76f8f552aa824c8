// Essence descriptors of a composition playlist: RegXML, SMPTE ST 2001-1.
#pragma once

#include "imf/composition_playlist.h"
#include "imf/xml.h"

namespace reel::imf {

// What an EssenceDescriptor element says. What is malformed counts as not said:
// a descriptor describes, nothing is played by it. Pure.
EssenceDescriptor ReadDescriptor(const XmlElement& element);

}  // namespace reel::imf
