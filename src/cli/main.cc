#include "base/log.h"

int main() {
  reel::base::StartLogging(reel::base::LogLevel::kInfo, "reel");
  return 0;
}
