#pragma once

#include <string_view>

// The grammars behind the formats. Each tells whether the whole of `text` is one.

namespace swamp::schema::rules {

bool is_date(std::string_view text);       // RFC 3339 full-date
bool is_time(std::string_view text);       // RFC 3339 full-time
bool is_date_time(std::string_view text);  // RFC 3339 date-time
bool is_duration(std::string_view text);   // RFC 3339, appendix A

bool is_hostname(std::string_view text);      // RFC 1123, with the A-labels of RFC 5891
bool is_idn_hostname(std::string_view text);  // RFC 5890 to 5893; UTF-8 that is broken is none
bool is_ipv4(std::string_view text);          // four decimal numbers
bool is_ipv6(std::string_view text);          // RFC 4291, without a zone
bool is_email(std::string_view text);         // RFC 5321 Mailbox
bool is_idn_email(std::string_view text);

bool is_uri(std::string_view text);  // RFC 3986, with a scheme
bool is_uri_reference(std::string_view text);
bool is_iri(std::string_view text);  // RFC 3987
bool is_iri_reference(std::string_view text);
bool is_uri_template(std::string_view text);  // RFC 6570

}  // namespace swamp::schema::rules
