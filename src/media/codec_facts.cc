#include "media/codec_facts.h"

namespace reel::media {

bool IsIntraOnly(AVCodecID codec) {
  const AVCodecDescriptor* descriptor = avcodec_descriptor_get(codec);
  return descriptor != nullptr &&
         (descriptor->props & AV_CODEC_PROP_INTRA_ONLY) != 0;
}

int LinearPcmBits(AVCodecID codec) {
  // libavcodec lists all PCM codecs between these two.
  const bool is_pcm =
      codec >= AV_CODEC_ID_FIRST_AUDIO && codec < AV_CODEC_ID_ADPCM_IMA_QT;
  const int bits = is_pcm ? av_get_exact_bits_per_sample(codec) : 0;
  return bits % 8 == 0 ? bits : 0;
}

}  // namespace reel::media
