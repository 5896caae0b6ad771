#include "render/json_stream.h"

#include "render/event_document.h"
#include "render/json_document.h"

namespace swamp::render {

void JsonStream::on_event(const engine::RunEvent& event) {
  out_.write(json_line(event_document(event, clock_.now())));
  out_.flush();
}

}  // namespace swamp::render
