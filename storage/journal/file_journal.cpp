#include "storage/audit_journal.hpp"
#include "storage/journal/groups.hpp"
#include "storage/journal/locked_file.hpp"
#include "storage/sqlite/database_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>
#include <random>
#include <stdexcept>
#include <utility>

namespace gateway {
namespace {

/// As much room as a group may want.
constexpr std::size_t probe_size = 65536;
/// A file that has grown longer, while the log did not keep up, is not kept.
constexpr std::uint64_t most_spare = std::uint64_t{64} << 20;

class file_journal final : public audit_journal {
 public:
  explicit file_journal(std::string audit_db)
      : wal_(audit_db + "-wal"), name_(audit_journal_file(audit_db)), file_(locked_file::open(name_)) {
    const auto bytes = file_.read();
    if (is_unborn_journal(bytes)) {
      begin();
      return;
    }
    const auto salt = read_journal_header(bytes);
    if (!salt) throw std::runtime_error("this is no audit journal that this version can read");
    salt_ = *salt;
    const auto extent = measure_groups(salt_, std::string_view(bytes).substr(journal_header_size));
    end_ = journal_header_size + extent.good;
    if (extent.good_after)
      throw std::runtime_error(
          fmt::format("it is damaged at byte {}, and good records follow. Without them it starts "
                      "when the file is moved away; keep the file",
                      end_));
    cut_ = extent.is_ended ? 0 : bytes.size() - end_;
    if (bytes.size() > end_) file_.cut(end_);
  }

  ~file_journal() override {
    std::error_code ignored;
    if (has_spare_) std::filesystem::remove(spare_name(), ignored);
    if (used_ > end_) undo();
  }

  using audit_journal::append;
  using audit_journal::compact;

  result<void> append(journal_pieces pieces, bool sync) override {
    group_.clear();
    append_group(salt_, pieces, group_);
    const auto size = group_.size();
    if (end_ + size < used_) group_ += journal_end;
    return attempt("write", [&] {
      try {
        file_.write(group_, end_);
        if (sync) file_.sync();
      } catch (const std::exception&) {
        failed_ = true;
        undo();
        throw;
      }
      failed_ = false;
      end_ += size;
    });
  }

  result<journal_contents> replay() override {
    journal_contents found;
    auto read = attempt("read", [&] {
      const auto bytes = file_.read();
      if (bytes.size() < end_) throw std::runtime_error("somebody has cut it");
      const auto groups = std::string_view(bytes).substr(journal_header_size, end_ - journal_header_size);
      auto held = read_groups(salt_, groups);
      if (!held) throw std::runtime_error("it was written by another version of the gateway");
      found = std::move(*held);
      found.cut = cut_;
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    return found;
  }

  result<void> compact(journal_pieces open, bool sync) override {
    auto done = attempt("shorten", [&] {
      if (sync) sync_path(wal_);
      auto file =
          std::exchange(has_spare_, false) ? locked_file::open(spare_name()) : locked_file::create(spare_name());
      const auto salt = draw_salt();
      auto bytes = make_journal_header(salt);
      if (!open.empty()) append_group(salt, open, bytes);
      const auto end = bytes.size();
      const auto used = file.size();
      if (end < used) bytes += journal_end;
      file.write(bytes, 0);
      if (sync) file.sync();
      put_in_place(std::move(file), end_);
      used_ = used;
      salt_ = salt;
      end_ = end;
      cut_ = 0;
      if (sync) sync_path(directory());
    });
    std::error_code ignored;
    if (!done && !has_spare_) std::filesystem::remove(spare_name(), ignored);
    return done;
  }

  std::uint64_t bytes() const override { return end_; }

  result<void> check() override {
    return attempt("reach", [&] {
      if (!file_.is(name_)) throw std::runtime_error("it was moved or removed");
      if (!failed_) return;
      try {
        file_.write(std::string(probe_size, '\0'), end_);
      } catch (const std::exception&) {
        undo();
        throw;
      }
      file_.cut(end_);
      used_ = 0;
      failed_ = false;
    });
  }

 private:
  std::string spare_name() const { return name_ + ".new"; }

  // The file that was the journal becomes the spare one.
  void put_in_place(locked_file file, std::uint64_t length) {
    std::error_code ignored;
    if (exchange_names(spare_name(), name_)) {
      std::swap(file_, file);
      has_spare_ = std::max(length, used_) <= most_spare;
      if (!has_spare_) std::filesystem::remove(spare_name(), ignored);
    } else {
      std::filesystem::rename(spare_name(), name_);
      file_ = std::move(file);
    }
  }

  static std::uint32_t draw_salt() { return std::random_device()(); }

  std::string directory() const {
    const auto parent = std::filesystem::path(name_).parent_path();
    return parent.empty() ? "." : parent.string();
  }

  void begin() {
    salt_ = draw_salt();
    file_.cut(0);
    file_.write(make_journal_header(salt_), 0);
    file_.sync();
    sync_path(directory());
  }

  // Where it cannot be cut, the next group is written over it.
  void undo() {
    try {
      file_.cut(end_);
      used_ = 0;
    } catch (const std::exception&) {
    }
  }

  template <class Work>
  result<void> attempt(std::string_view doing, Work work) {
    try {
      work();
      return {};
    } catch (const std::exception& problem) {
      return tl::unexpected(
          unavailable(fmt::format("cannot {} the audit journal {}: {}", doing, name_, problem.what())));
    }
  }

  std::string wal_; ///< Where what was forgotten is, until SQLite syncs it itself.
  std::string name_;
  locked_file file_;
  /// There is the file that the journal was in before, and will be in again: one with pages in memory is cheaper to
  /// write than to delete, and to make anew.
  bool has_spare_ = false;
  std::uint32_t salt_ = 0;
  std::uint64_t end_ = journal_header_size; ///< Of the last whole group.
  std::uint64_t used_ =
      0; ///< So long was the file when it was last used for something else; 0: it is as long as it is.
  std::uint64_t cut_ = 0;
  bool failed_ = false; ///< The last group could not be written.
  std::string group_;
};

} // namespace

std::string audit_journal_file(const std::string& audit_db) { return audit_db + ".journal"; }

result<std::unique_ptr<audit_journal>> open_audit_journal(const std::string& audit_db) {
  try {
    if (const auto parent = std::filesystem::path(audit_db).parent_path(); !parent.empty())
      make_private_directory(parent);
    return std::make_unique<file_journal>(audit_db);
  } catch (const std::exception& problem) {
    return tl::unexpected(
        unavailable(fmt::format("cannot open the audit journal {}: {}", audit_journal_file(audit_db), problem.what())));
  }
}

} // namespace gateway
