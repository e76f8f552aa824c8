#include "platform/http_client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_source.h"
#include "platform/network_address.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

constexpr size_t kMaxText = size_t{16} << 20;
constexpr size_t kMaxErrorText = size_t{64} << 10;
constexpr long kStallBytesPerSecond = 1000;
constexpr size_t kIdleConnections = 16;

struct CloseCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using Curl = std::unique_ptr<CURL, CloseCurl>;

// A list only ever replaces its head, which append gives back.
class HeaderList {
 public:
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl_slist_free_all(list_); }
  void Add(const std::string& line) {
    if (curl_slist* list = curl_slist_append(list_, line.c_str())) list_ = list;
  }
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

// One request while libcurl works on it.
struct Transfer {
  CURL* curl = nullptr;
  const HttpSink* sink = nullptr;
  const HttpBody* body = nullptr;
  int64_t sent = 0;
  HttpResponse response;
  std::optional<base::Error> error;  // of a callback

  void NoteStatus() {
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
  }
  bool Succeeds() const {
    return response.status >= 200 && response.status < 300;
  }
};

size_t OnHeader(char* data, size_t, size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(data, size);
  // The last response counts: there may be a "100 Continue" before it.
  if (line.starts_with("HTTP/")) transfer.response.headers.clear();
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  std::string_view value = line.substr(colon + 1);
  constexpr std::string_view kBlank = " \t\r\n";
  value.remove_prefix(std::min(value.find_first_not_of(kBlank), value.size()));
  value = value.substr(0, value.find_last_not_of(kBlank) + 1);
  transfer.response.headers[name] = value;
  return size;
}

size_t OnData(char* data, size_t, size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.NoteStatus();
  const bool succeeds = transfer.Succeeds();
  if (succeeds && *transfer.sink) {
    const auto status = (*transfer.sink)(
        transfer.response, {reinterpret_cast<const uint8_t*>(data), size});
    if (status) return size;
    transfer.error = status.error();
    return 0;
  }
  std::string& text = transfer.response.text;
  const size_t most = succeeds ? kMaxText : kMaxErrorText;
  if (text.size() + size > most && succeeds) {
    transfer.error = base::Error{
        Code::kResourceExhausted,
        fmt::format("a server's answer of more than {} bytes", kMaxText)};
    return 0;
  }
  text.append(data, std::min(size, most - std::min(most, text.size())));
  return size;
}

size_t OnWanted(char* data, size_t, size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const auto got = transfer.body->read(
      transfer.sent, {reinterpret_cast<uint8_t*>(data), size});
  if (!got) {
    transfer.error = got.error();
    return CURL_READFUNC_ABORT;
  }
  transfer.sent += static_cast<int64_t>(*got);
  return *got;
}

// libcurl sends again on a connection that the server had closed.
int OnRewind(void* user, curl_off_t offset, int origin) {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Transfer*>(user)->sent = offset;
  return CURL_SEEKFUNC_OK;
}

// Opens the socket of a connection, unless its other end is inside.
curl_socket_t OpenToPublic(void*, curlsocktype purpose, curl_sockaddr* peer) {
  if (purpose != CURLSOCKTYPE_IPCXN || !IsPublicAddress(peer->addr))
    return CURL_SOCKET_BAD;
  return ::socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
}

Code CodeOf(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return Code::kInvalidArgument;
    case CURLE_OUT_OF_MEMORY:
      return Code::kResourceExhausted;
    default:
      return Code::kUnavailable;
  }
}

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

Result<Url> ParseUrl(const std::string& text) {
  Url url(curl_url());
  if (!url) return Fail(Code::kResourceExhausted, "no memory for a URL");
  const CURLUcode code =
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0);
  if (code == CURLUE_OK) return url;
  return Fail(
      Code::kInvalidArgument,
      fmt::format("{}: {}", base::SourceLabel(text), curl_url_strerror(code)));
}

}  // namespace

base::Code CodeOfStatus(int status) {
  switch (status) {
    case 404:
    case 410:
      return Code::kNotFound;
    case 409:
    case 412:
      return Code::kConflict;
    case 501:
      return Code::kUnsupported;
    case 408:
    case 429:
      return Code::kUnavailable;
    default:
      return status >= 500 ? Code::kUnavailable : Code::kInvalidArgument;
  }
}

Result<std::string> ResolveUrl(const std::string& url,
                               const std::string& reference) {
  REEL_ASSIGN(const Url parsed, ParseUrl(url));
  char* whole = nullptr;
  if (curl_url_set(parsed.get(), CURLUPART_URL, reference.c_str(), 0) !=
          CURLUE_OK ||
      curl_url_get(parsed.get(), CURLUPART_URL, &whole, 0) != CURLUE_OK)
    return Fail(Code::kInvalidArgument,
                base::SourceLabel(url) + ": leads to what is no URL");
  std::string resolved = whole;
  curl_free(whole);
  return resolved;
}

Result<bool> HasCredentials(const std::string& url) {
  REEL_ASSIGN(const Url parsed, ParseUrl(url));
  for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD}) {
    char* text = nullptr;
    if (curl_url_get(parsed.get(), part, &text, 0) != CURLUE_OK) continue;
    curl_free(text);
    return true;
  }
  return false;
}

struct HttpClient::State {
  HttpOptions options;
  std::mutex mu;
  std::vector<Curl> idle;

  Curl Take() {
    const std::lock_guard lock(mu);
    if (idle.empty()) return Curl(curl_easy_init());
    Curl curl = std::move(idle.back());
    idle.pop_back();
    return curl;
  }
  void GiveBack(Curl curl) {
    const std::lock_guard lock(mu);
    if (idle.size() < kIdleConnections) idle.push_back(std::move(curl));
  }
};

HttpClient::HttpClient(HttpOptions options)
    : state_(std::make_unique<State>()) {
  // Once in a process, before any thread needs it.
  [[maybe_unused]] static const CURLcode ready =
      curl_global_init(CURL_GLOBAL_ALL);
  state_->options = std::move(options);
}

HttpClient::~HttpClient() = default;

Result<HttpResponse> HttpClient::Send(const HttpRequest& request,
                                      const HttpSink& sink) {
  Curl owner = state_->Take();
  if (!owner) return Fail(Code::kResourceExhausted, "no memory for a request");
  CURL* curl = owner.get();
  curl_easy_reset(curl);
  Transfer transfer{.curl = curl,
                    .sink = &sink,
                    .body = request.body,
                    .response = {},
                    .error = {}};
  HeaderList headers;
  for (const auto& [name, value] : request.headers)
    headers.Add(name + ": " + value);
  headers.Add("expect:");  // no round trip before a body
  const auto set = [&](CURLoption option, auto value) {
    curl_easy_setopt(curl, option, value);
  };
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(state_->options.connect_timeout.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, kStallBytesPerSecond);
  set(CURLOPT_LOW_SPEED_TIME,
      static_cast<long>(state_->options.stall_timeout.count()));
  if (state_->options.public_only) {
    set(CURLOPT_OPENSOCKETFUNCTION, OpenToPublic);
    set(CURLOPT_PROXY, "");  // which would connect in our place
  }
  if (!state_->options.ca_file.empty())
    set(CURLOPT_CAINFO, state_->options.ca_file.c_str());
  set(CURLOPT_HEADERFUNCTION, OnHeader);
  set(CURLOPT_HEADERDATA, &transfer);
  set(CURLOPT_WRITEFUNCTION, OnData);
  set(CURLOPT_WRITEDATA, &transfer);
  if (request.body) {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, OnWanted);
    set(CURLOPT_READDATA, &transfer);
    set(CURLOPT_SEEKFUNCTION, OnRewind);
    set(CURLOPT_SEEKDATA, &transfer);
    set(CURLOPT_INFILESIZE_LARGE, curl_off_t{request.body->size_bytes});
  } else if (request.method == "PUT" || request.method == "POST") {
    headers.Add("content-length: 0");
  }
  if (request.method == "HEAD") set(CURLOPT_NOBODY, 1L);
  set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  set(CURLOPT_HTTPHEADER, headers.get());

  const CURLcode code = curl_easy_perform(curl);
  transfer.NoteStatus();
  set(CURLOPT_HTTPHEADER, nullptr);
  if (code == CURLE_OK) {
    state_->GiveBack(std::move(owner));
    return std::move(transfer.response);
  }
  if (transfer.error) return tl::unexpected(*std::move(transfer.error));
  return Fail(CodeOf(code), fmt::format("{} {}: {}", request.method,
                                        base::SourceLabel(request.url),
                                        curl_easy_strerror(code)));
}

}  // namespace reel::platform
