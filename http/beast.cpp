// Compiles Beast's own functions once, so that no other source has to.
#include <boost/beast/src.hpp>
