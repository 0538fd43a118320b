// Compiles Asio's own functions once, so that no other source has to.
#include <boost/asio/impl/src.hpp>
