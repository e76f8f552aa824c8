#include "media/scale_context.h"

#include "media/av_error.h"

extern "C" {
#include <libavutil/opt.h>
}

namespace reel::media {

base::Result<ScaleContext> MakeScaleContext(
    std::span<const ScaleOption> options) {
  ScaleContext context(sws_alloc_context());
  if (!context)
    return base::Fail(base::Code::kResourceExhausted, "libav: out of memory");
  const auto set = [&](const ScaleOption& option) {
    return CheckAv(av_opt_set_int(context.get(), option.name, option.value, 0),
                   option.name);
  };
  REEL_TRY(set({"sws_flags", SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT}));
  for (const ScaleOption& option : options) REEL_TRY(set(option));
  if (sws_init_context(context.get(), nullptr, nullptr) < 0)
    return base::Fail(base::Code::kUnsupported,
                      "libswscale cannot scale pictures of this format");
  return context;
}

}  // namespace reel::media
