// The bodies of Asio, compiled once: BOOST_ASIO_SEPARATE_COMPILATION makes its headers declarations
// only.
#include <boost/asio/impl/src.hpp>
