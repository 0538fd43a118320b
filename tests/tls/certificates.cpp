#include "tests/tls/certificates.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

namespace gateway::test {
namespace {

constexpr long one_day = 24 * 60 * 60;

std::shared_ptr<EVP_PKEY> make_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

void add_extension(X509* to, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  auto* made = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (!made) throw std::runtime_error("no such extension: " + value);
  X509_add_ext(to, made, -1);
  X509_EXTENSION_free(made);
}

template <class Write>
void write_file(const std::string& path, Write write) {
  auto* file = std::fopen(path.c_str(), "w");
  if (!file) throw std::runtime_error("cannot write " + path);
  write(file);
  std::fclose(file);
}

void write_certificate(const std::string& path, X509* what) {
  write_file(path, [&](std::FILE* to) { PEM_write_X509(to, what); });
}

bool is_address(const std::string& host) {
  return host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
}

} // namespace

authority::authority() : key_(make_key()) {
  // Of two with the same name, OpenSSL would try the one for the other.
  certificate_ = sign("The authority of " + folder(), key_, {});
  write_certificate(file(), certificate_.get());
}

authority::certificate_ptr authority::sign(const std::string& subject, const key_ptr& owner,
                                           const std::string& names) const {
  certificate_ptr made(X509_new(), X509_free);
  auto* raw = made.get();
  auto* issuer = certificate_ ? certificate_.get() : raw;
  X509_set_version(raw, X509_VERSION_3);
  static long serial = 0;
  ASN1_INTEGER_set(X509_get_serialNumber(raw), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(raw), -one_day);
  X509_gmtime_adj(X509_getm_notAfter(raw), one_day);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(raw), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
  X509_set_issuer_name(raw, X509_get_subject_name(issuer));
  X509_set_pubkey(raw, owner.get());
  add_extension(raw, issuer, NID_basic_constraints, names.empty() ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!names.empty()) add_extension(raw, issuer, NID_subject_alt_name, names);
  X509_sign(raw, key_.get(), EVP_sha256());
  return made;
}

certificate_files authority::issue(const std::string& host) const {
  const auto key = make_key();
  const auto made = sign(host, key, (is_address(host) ? "IP:" : "DNS:") + host);
  certificate_files files{folder_.file(host + ".pem"), folder_.file(host + ".key")};
  write_certificate(files.certificate, made.get());
  write_file(files.key,
             [&](std::FILE* to) { PEM_write_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  return files;
}

} // namespace gateway::test
