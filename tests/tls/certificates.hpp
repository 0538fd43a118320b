#pragma once

#include "tests/storage/temporary_directory.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace gateway::test {

struct certificate_files {
  std::string certificate;
  std::string key;
};

/// Who signs certificates, with a key that is made on the spot; its files go with it.
class authority {
 public:
  authority();

  /// Its own certificate, for those who trust it.
  std::string file() const { return folder_.file("authority.pem"); }
  /// A certificate for a DNS name, or for an address.
  certificate_files issue(const std::string& host) const;
  std::string folder() const { return folder_.path(); }

 private:
  using key_ptr = std::shared_ptr<EVP_PKEY>;
  using certificate_ptr = std::shared_ptr<X509>;
  certificate_ptr sign(const std::string& subject, const key_ptr& owner, const std::string& names) const;

  temporary_directory folder_;
  key_ptr key_;
  certificate_ptr certificate_;
};

} // namespace gateway::test
