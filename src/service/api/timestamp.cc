#include "service/api/timestamp.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <regex>

namespace reel::service::api {

using namespace std::chrono;  // NOLINT(google-build-using-namespace)

std::string FormatTimestamp(int64_t ms) {
  const sys_time<milliseconds> time{milliseconds(ms)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

base::Json JsonTime(int64_t ms) {
  return ms == 0 ? base::Json() : base::Json(FormatTimestamp(ms));
}

std::optional<int64_t> ParseTimestamp(const std::string& text) {
  static const std::regex format(
      R"((\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.(\d{1,9}))?)"
      R"(([Zz]|([+-])(\d\d):(\d\d)))");
  std::smatch match;
  if (text.size() > 40 || !std::regex_match(text, match, format))
    return std::nullopt;
  const auto number = [&](int group) { return std::stoi(match[group].str()); };
  const year_month_day date{year(number(1)),
                            month(static_cast<unsigned>(number(2))),
                            day(static_cast<unsigned>(number(3)))};
  // A leap second is the second before it.
  const int second = std::min(number(6), 59);
  if (!date.ok() || number(1) < 1970 || number(4) > 23 || number(5) > 59 ||
      number(6) > 60)
    return std::nullopt;
  minutes offset{0};
  if (match[10].matched) {
    if (number(11) > 23 || number(12) > 59) return std::nullopt;
    offset = hours(number(11)) + minutes(number(12));
    if (match[10].str() == "-") offset = -offset;
  }
  const std::string fraction = (match[8].str() + "000").substr(0, 3);
  const auto time = sys_days(date) + hours(number(4)) + minutes(number(5)) +
                    seconds(second) + milliseconds(std::stoi(fraction)) -
                    offset;
  const int64_t ms = milliseconds(time.time_since_epoch()).count();
  return ms < 0 ? std::nullopt : std::optional(ms);
}

}  // namespace reel::service::api
