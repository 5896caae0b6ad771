#pragma once

#include "spec/document_reader.h"
#include "spec/settings.h"

// Decoders of the groups of keys that several kinds of document share. Not for other rooms.
namespace swamp::spec {

/// `driver`, `driverConfig`
DriverChoice decode_driver(MapReader& reader);

/// `target`, `labels`, `platform`, `queueTimeout`
Placement decode_placement(MapReader& reader);

/// `reports`. Unknown keys go to `unknown`.
ReportSelection decode_reports(MapReader& reader, Problems& unknown);

/// `lifetime`, `garbageCollection`, `vaultName` of the map that `reader` reads.
OutputPolicy decode_output_policy(MapReader& reader);

/// `version`: a whole number from 1.
int decode_version(MapReader& reader);

/// `id`: a UUID.
std::string decode_id(MapReader& reader);

/// `name`, as every definition and workflow may be called.
std::string decode_name(MapReader& reader, std::string_view what);

}  // namespace swamp::spec
