#include "config/load.hpp"
#include "config/topology.hpp"
#include "http/endpoints/audit_json.hpp"
#include "http/house.hpp"
#include "http/log.hpp"
#include "storage/audit_store.hpp"
#include "storage/audit_verify.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#ifdef GATEWAY_TCMALLOC
#include <gperftools/malloc_extension.h>
#endif
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>

namespace gateway {
namespace {

enum exit_code { clean = 0, failed_running = 1, bad_input = 2 };

std::size_t cores() { return std::max(1U, std::thread::hardware_concurrency()); }

void print(const std::string& line) { fmt::print(stderr, "{}\n", line); }

/// Every connection is a descriptor, and the usual soft limit is far below what the limits of the config allow.
void raise_descriptor_limit() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

/// Gives the system back what was freed beyond 16 MiB, 16 MiB at a time. By itself tcmalloc keeps what a burst of large
/// bodies took: it returns a page for a thousand that are freed.
void return_freed_memory() {
#ifdef GATEWAY_TCMALLOC
  constexpr std::size_t kept = std::size_t{16} << 20;
  auto& heap = *MallocExtension::instance();
  std::size_t free = 0;
  if (heap.GetNumericProperty("tcmalloc.pageheap_free_bytes", &free) && free > kept)
    heap.ReleaseToSystem(std::min(free - kept, kept));
#endif
}

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

/// Waits for SIGTERM or SIGINT, and looks after freed memory meanwhile; the next one after it ends the process at once.
void wait_for_stop(const sigset_t& signals) {
  constexpr timespec a_second{.tv_sec = 1, .tv_nsec = 0};
  while (sigtimedwait(&signals, nullptr, &a_second) < 0) return_freed_memory();
  std::thread([signals] {
    int second = 0;
    sigwait(&signals, &second);
    _exit(failed_running);
  }).detach();
}

void greet(const house& open) {
  const auto& listen = open.settings().listen;
  const bool v6 = listen.host.find(':') != std::string::npos;
  const auto url = fmt::format("{}://{}:{}", listen.tls.on() ? "https" : "http",
                               v6 ? "[" + listen.host + "]" : listen.host, open.port());
  print(fmt::format("listening on {}", url));
  print("make a key, and chat:");
  const bool is_default = open.settings().admin.token.reveal() == default_admin_token;
  const auto token = is_default ? fmt::format("${{ADMIN_TOKEN:-{}}}", default_admin_token) : "$ADMIN_TOKEN";
  print(
      fmt::format("  curl -sS -X POST {}/admin/keys -H 'Content-Type: application/json' -H \"X-Admin-Token: {}\" "
                  "-d '{{\"tenant_id\":\"acme\"}}'",
                  url, token));
  print(
      fmt::format("  curl -sS -X POST {}/chat -H 'Content-Type: application/json' -H \"X-API-Key: $API_KEY\" -d "
                  "'{{\"message\":\"hi\"}}'",
                  url));
}

/// What the operator may want to know later, of what was configured.
void log_config(const std::filesystem::path& file, const config& what) {
  const auto& topology = what.topology;
  log_event(log_level::info, "config",
            {{"file", file.string()},
             {"listen", fmt::format("{}:{}", what.listen.host, what.listen.port)},
             {"storage", what.storage.directory.string()},
             {"workers", topology.workers},
             {"quota_shards", topology.quota_shards},
             {"upstreams", what.upstreams.size()},
             {"models", what.models.size()}});
}

int serve(const std::filesystem::path& file, config what) {
  // Blocked before any thread exists, so that only `wait_for_stop` gets them.
  const auto signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  // A file that may not grow is a full disk, not the end.
  std::signal(SIGXFSZ, SIG_IGN);
  raise_descriptor_limit();
  auto kept = open_stores(what.storage, what.audit.chain_key);
  if (!kept) {
    print("cannot start: " + kept.error().message);
    return failed_running;
  }
  start_log(what.log.level);
  log_event(log_level::info, "start", {{"version", GATEWAY_VERSION}});
  log_config(file, what);
  auto open = house::open(std::move(what), std::move(*kept));
  if (open) {
    greet(**open);
    wait_for_stop(signals);
    log_event(log_level::info, "drain", {});
    (*open)->drain();
    open->reset();
    log_event(log_level::info, "stop", {});
  } else {
    print("cannot start: " + open.error().message);
  }
  stop_log();
  return open ? clean : failed_running;
}

int verify_audit(const config& what) {
  const auto verdict = verify_audit_log(what.storage.audit_db, what.audit.chain_key);
  if (!verdict) {
    print(verdict.error().message);
    return failed_running;
  }
  fmt::print("{}\n", describe(*verdict));
  return verdict->flaw ? failed_running : clean;
}

/// Prints every record, the latest first; those of nobody too, which no tenant's operator sees.
int export_audit(const config& what) {
  auto log = open_sqlite_audit_view(what.storage.audit_db);
  audit_query query;
  query.limit = 1000;
  while (log) {
    const auto page = (*log)->read(query);
    if (!page) {
      print(page.error().message);
      return failed_running;
    }
    std::string lines;
    for (const auto& row : page->rows) append_json_line(lines, row);
    fmt::print("{}", lines);
    // What stdio still has may not fit on a disk that is full.
    if (!page->next && std::fflush(stdout) == 0) return clean;
    if (!page->next || std::ferror(stdout) != 0) {
      print("the export cannot be written");
      return failed_running;
    }
    query.before = page->next;
  }
  print(log.error().message);
  return failed_running;
}

int run(int argc, char** argv) {
  CLI::App app{"LLM Gateway: one door between a company's programs and the language models they call."};
  app.require_subcommand(0, 1);
  std::filesystem::path file = "config/gateway.json";
  auto* serving = app.add_subcommand("serve", "run (the default command)");
  auto* checking = app.add_subcommand("check", "load and validate the config, print the topology it would build");
  auto* verifying = app.add_subcommand("verify-audit", "find what was changed in the audit log; exit 1 when there is");
  auto* exporting = app.add_subcommand("export-audit", "print the audit log as lines of JSON, the latest record first");
  auto* telling = app.add_subcommand("version", "print the version");
  for (auto* each : {&app, serving, checking, verifying, exporting})
    each->add_option("--config", file, "the configuration file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? clean : bad_input;
  }
  if (*telling) {
    fmt::print("v{}\n", GATEWAY_VERSION);
    return clean;
  }
  auto loaded = load_config(file, process_environment());
  if (!loaded) {
    for (const auto& each : loaded.error()) print(to_string(each));
    return bad_input;
  }
  if (*checking) {
    fmt::print("{}", describe_topology(*loaded, cores()));
    return clean;
  }
  if (*verifying) return verify_audit(*loaded);
  if (*exporting) return export_audit(*loaded);
  loaded->topology = resolved(loaded->topology, cores());
  return serve(file, std::move(*loaded));
}

} // namespace
} // namespace gateway

int main(int argc, char** argv) {
  try {
    return gateway::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
