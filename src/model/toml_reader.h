// Strict reading of TOML: an unknown key, a wrong type or a value out of range
// is an error that names line, column and what is allowed. Only the .cc files
// of formats that are TOML include this.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace reel::model {

// One table. Each field that is read is ticked off; what remains
// in the end is unknown. Only the first error is kept.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string path)
      : table_(table), path_(std::move(path)) {}

  // An absent key leaves `value` alone.
  template <typename T>
  void Read(std::string_view key, int64_t least, int64_t most, T& value) {
    const toml::node* node = Find(key);
    if (node == nullptr) return;
    const auto number = node->value_exact<int64_t>();
    if (!number || *number < least || *number > most) {
      Complain(*node, fmt::format("{} must be a whole number from {} to {}",
                                  Name(key), least, most));
      return;
    }
    value = static_cast<T>(*number);
  }

  // Whole or not.
  void ReadNumber(std::string_view key, double least, double most,
                  double& value) {
    const toml::node* node = Find(key);
    if (node == nullptr) return;
    const auto number = node->value<double>();
    if (!node->is_number() || !number || !(*number >= least) ||
        !(*number <= most)) {
      Complain(*node, fmt::format("{} must be a number from {} to {}",
                                  Name(key), least, most));
      return;
    }
    value = *number;
  }

  void Read(std::string_view key, bool& value) {
    const toml::node* node = Find(key);
    if (node == nullptr) return;
    const auto flag = node->value_exact<bool>();
    if (!flag) {
      Complain(*node, fmt::format("{} must be true or false", Name(key)));
      return;
    }
    value = *flag;
  }

  void Read(std::string_view key, std::span<const std::string_view> choices,
            std::string& value) {
    const toml::node* node = Find(key);
    if (node == nullptr) return;
    const auto text = node->value_exact<std::string_view>();
    if (!text ||
        std::find(choices.begin(), choices.end(), *text) == choices.end()) {
      Complain(*node, fmt::format("{} must be one of \"{}\"", Name(key),
                                  fmt::join(choices, "\", \"")));
      return;
    }
    value = *text;
  }

  // Any text.
  void Read(std::string_view key, std::string& value) {
    const toml::node* node = Find(key);
    if (node == nullptr) return;
    if (const auto text = node->value_exact<std::string>()) {
      value = *text;
    } else {
      Complain(*node, fmt::format("{} must be a text", Name(key)));
    }
  }

  // An array of texts, or of whole numbers; `what` says which.
  template <typename T>
  void ReadList(std::string_view key, const char* what, std::vector<T>& value) {
    const toml::node* node = Find(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr || array->empty()) {
      Complain(*node, fmt::format("{} must be a list of {}", Name(key), what));
      return;
    }
    for (const toml::node& entry : *array) {
      const auto one = entry.value_exact<T>();
      if (!one) {
        Complain(entry, fmt::format("{} must hold {} only", Name(key), what));
        return;
      }
      value.push_back(*one);
    }
  }

  // A table of its own, read by `read`.
  template <typename F>
  void ReadTable(std::string_view key, F read) {
    const toml::node* node = Find(key);
    if (node == nullptr) return;
    if (const toml::table* table = node->as_table()) {
      ReadInner(*table, Name(key), read);
    } else {
      Complain(*node, fmt::format("{0} must be a table: [{0}]", Name(key)));
    }
  }

  // An array of tables, each read by `read`.
  template <typename F>
  void ReadTables(std::string_view key, size_t most, F read) {
    const toml::node* node = Find(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr || array->size() > most ||
        !array->is_homogeneous(toml::node_type::table)) {
      Complain(*node, fmt::format("{0} must be 1 to {1} tables: [[{0}]]",
                                  Name(key), most));
      return;
    }
    for (const toml::node& entry : *array)
      ReadInner(*entry.as_table(), Name(key), read);
  }

  void Require(std::string_view key) {
    if (!table_.contains(key)) {
      Complain(table_, fmt::format("{} is missing", Name(key)));
    }
  }

  // The first error, or an unknown key.
  base::Status Finish() {
    for (const auto& [key, node] : table_) {
      if (known_.contains(key.str())) continue;
      Complain(key.source(),
               fmt::format("unknown key {}; known here: {}", Name(key.str()),
                           fmt::join(known_, ", ")));
    }
    if (error_) return base::Fail(base::Code::kInvalidArgument, *error_);
    return {};
  }

 private:
  std::string Name(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
  }

  const toml::node* Find(std::string_view key) {
    known_.insert(key);
    return table_.get(key);
  }

  template <typename F>
  void ReadInner(const toml::table& table, std::string path, F read) {
    TableReader reader(table, std::move(path));
    read(reader);
    if (auto status = reader.Finish(); !status && !error_)
      error_ = status.error().message;
  }

  void Complain(const toml::node& node, const std::string& what) {
    Complain(node.source(), what);
  }
  void Complain(const toml::source_region& where, const std::string& what) {
    if (error_) return;
    error_ = fmt::format("line {}, column {}: {}", where.begin.line,
                         where.begin.column, what);
  }

  const toml::table& table_;
  std::string path_;
  std::set<std::string_view> known_;
  std::optional<std::string> error_;
};

// toml++ throws as Debian builds it; nothing gets past here.
inline base::Result<toml::table> ParseToml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return base::Fail(
        base::Code::kInvalidArgument,
        fmt::format("line {}, column {}: {}", error.source().begin.line,
                    error.source().begin.column, error.description()));
  }
}

}  // namespace reel::model
