// XML of a small package, to be edited by tests.
#pragma once

#include <string>

#include "imf/finding_list.h"

namespace reel::imf {

inline const std::string kAssetMapXml = R"(<?xml version="1.0"?>
<AssetMap xmlns="http://www.smpte-ra.org/schemas/429-9/2007/AM">
<Id>urn:uuid:00000000-0000-0000-0000-0000000000aa</Id>
<VolumeCount>1</VolumeCount>
<AssetList>
<Asset><Id>urn:uuid:00000000-0000-0000-0000-0000000000b1</Id><PackingList>true</PackingList>
<ChunkList><Chunk><Path>PKL.xml</Path></Chunk></ChunkList></Asset>
<Asset><Id>urn:uuid:00000000-0000-0000-0000-0000000000c1</Id>
<ChunkList><Chunk><Path>CPL.xml</Path></Chunk></ChunkList></Asset>
</AssetList>
</AssetMap>)";

inline const std::string kPackingListXml = R"(<?xml version="1.0"?>
<PackingList xmlns="http://www.smpte-ra.org/schemas/2067-2/2016/PKL">
<Id>urn:uuid:00000000-0000-0000-0000-0000000000b1</Id>
<AssetList>
<Asset><Id>urn:uuid:00000000-0000-0000-0000-0000000000c1</Id>
<Hash>qZk+NkcGgWq6PiVxeFDCbJzQ2J0=</Hash><Size>3</Size><Type>text/xml</Type>
<HashAlgorithm Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/></Asset>
</AssetList>
</PackingList>)";

// One segment: 48 pictures at 24 per second and two seconds of sound.
inline const std::string kPlaylistXml = R"(<?xml version="1.0"?>
<CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"
 xmlns:cc="http://www.smpte-ra.org/schemas/2067-2/2016">
<Id>urn:uuid:00000000-0000-0000-0000-0000000000c1</Id>
<ContentTitle>A title</ContentTitle>
<EssenceDescriptorList>
<EssenceDescriptor><Id>urn:uuid:00000000-0000-0000-0000-0000000000d1</Id>
<r:CDCIDescriptor xmlns:r="urn:r"><r:SampleRate>24/1</r:SampleRate>
<r:StoredWidth>640</r:StoredWidth><r:StoredHeight>360</r:StoredHeight>
<r:ComponentDepth>10</r:ComponentDepth>
<r:PictureCompression>urn:smpte:ul:060e2b34.0401010d.04010202.03010801</r:PictureCompression>
</r:CDCIDescriptor></EssenceDescriptor>
<EssenceDescriptor><Id>urn:uuid:00000000-0000-0000-0000-0000000000d2</Id>
<r:WAVEPCMDescriptor xmlns:r="urn:r"><r:AudioSampleRate>48000 1</r:AudioSampleRate>
<r:ChannelCount>2</r:ChannelCount><r:SubDescriptors>
<r:AudioChannelLabelSubDescriptor><r:RFC5646SpokenLanguage>xx</r:RFC5646SpokenLanguage></r:AudioChannelLabelSubDescriptor>
<r:SoundfieldGroupLabelSubDescriptor><r:MCATagSymbol>sgST</r:MCATagSymbol>
<r:RFC5646SpokenLanguage>pt-BR</r:RFC5646SpokenLanguage></r:SoundfieldGroupLabelSubDescriptor>
</r:SubDescriptors></r:WAVEPCMDescriptor></EssenceDescriptor>
</EssenceDescriptorList>
<EditRate>24 1</EditRate>
<ExtensionProperties><cc:ApplicationIdentification>urn:a  urn:b</cc:ApplicationIdentification></ExtensionProperties>
<SegmentList><Segment><Id>urn:uuid:00000000-0000-0000-0000-0000000000e1</Id><SequenceList>
<cc:MainImageSequence><Id>urn:uuid:00000000-0000-0000-0000-0000000000f1</Id>
<TrackId>urn:uuid:00000000-0000-0000-0000-000000000101</TrackId><ResourceList>
<Resource><Id>urn:uuid:00000000-0000-0000-0000-000000000201</Id>
<IntrinsicDuration>100</IntrinsicDuration><EntryPoint>10</EntryPoint><SourceDuration>24</SourceDuration><RepeatCount>2</RepeatCount>
<SourceEncoding>urn:uuid:00000000-0000-0000-0000-0000000000d1</SourceEncoding>
<TrackFileId>urn:uuid:00000000-0000-0000-0000-000000000301</TrackFileId></Resource>
</ResourceList></cc:MainImageSequence>
<cc:MainAudioSequence><Id>urn:uuid:00000000-0000-0000-0000-0000000000f2</Id>
<TrackId>urn:uuid:00000000-0000-0000-0000-000000000102</TrackId><ResourceList>
<Resource><Id>urn:uuid:00000000-0000-0000-0000-000000000202</Id><EditRate>48000 1</EditRate>
<IntrinsicDuration>96000</IntrinsicDuration>
<SourceEncoding>urn:uuid:00000000-0000-0000-0000-0000000000d2</SourceEncoding>
<TrackFileId>urn:uuid:00000000-0000-0000-0000-000000000302</TrackFileId></Resource>
</ResourceList></cc:MainAudioSequence>
</SequenceList></Segment></SegmentList>
</CompositionPlaylist>)";

// The text with one part of it replaced; as it is if the part is not in it.
inline std::string With(std::string text, const std::string& part,
                        const std::string& other) {
  const size_t at = text.find(part);
  return at == std::string::npos ? text : text.replace(at, part.size(), other);
}

// "code: message" of all findings, one a line.
inline std::string Told(const FindingList& findings) {
  std::string told;
  for (const model::Finding& finding : findings.findings())
    told += finding.code + ": " + finding.message + "\n";
  return told;
}

}  // namespace reel::imf
