#include "workflow/tasks/hash_source.h"

#include "base/byte_source.h"
#include "workflow/ingest.h"

namespace reel::workflow::tasks {
namespace {

base::Status RunHashSource(const HashSourceParams& params, const Inputs&,
                           Outputs& outputs, Context& context) {
  REEL_ASSIGN(const ExternalFile file, DescribeExternal(params.url));
  if (file.size_bytes != params.size_bytes || file.version != params.version)
    return tl::unexpected(base::SourceChanged(params.url));
  REEL_ASSIGN(const std::string digest, HashSource(file, [&](double part) {
                context.Progress(part);
                return !context.stop().stop_requested();
              }));
  return outputs.PutJson("source.json",
                         HashedSource{digest, file.size_bytes, file.version});
}

}  // namespace

const TaskKind<HashSourceParams> kHashSource{.name = "hash_source",
                                             .service = "ingest",
                                             .version = 1,
                                             .timeout = std::chrono::hours(12),
                                             .run = RunHashSource};

}  // namespace reel::workflow::tasks
