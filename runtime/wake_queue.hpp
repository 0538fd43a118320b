#pragma once

#include "runtime/task.hpp"

#include <boost/asio/execution_context.hpp>
#include <boost/intrusive/list.hpp>

namespace gateway {

class one_shot;
using wake_hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// Those who wait for a `one_shot` on an io_context, as a service of Asio's: they end with it. Who was woken goes on in
/// the loop's next turn, all together.
class wake_queue final : public asio::execution_context::service {
 public:
  static asio::execution_context::id id; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): Asio's way.

  explicit wake_queue(asio::execution_context& context);
  wake_queue(const wake_queue&) = delete;
  wake_queue& operator=(const wake_queue&) = delete;
  ~wake_queue() override;

 private:
  friend class one_shot;
  using shots = boost::intrusive::list<one_shot, boost::intrusive::base_hook<wake_hook>,
                                       boost::intrusive::constant_time_size<false>>;

  void shutdown() noexcept override;
  void add(one_shot& waiting);
  void make_due(one_shot& woken);
  void run();

  asio::io_context& io_;
  shots waiting_;
  shots due_;
  bool posted_ = false;
};

} // namespace gateway
