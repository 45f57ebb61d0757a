#include "format/thrift_writer.h"

namespace sluice {
namespace {

// Type codes of fields. A boolean's value is its type.
constexpr uint8_t kTrue = 1;
constexpr uint8_t kFalse = 2;
constexpr uint8_t kByte = 3;
constexpr uint8_t kInt16 = 4;
constexpr uint8_t kInt32 = 5;
constexpr uint8_t kInt64 = 6;
constexpr uint8_t kBinary = 8;
constexpr uint8_t kList = 9;
constexpr uint8_t kStruct = 12;

void append_byte(std::string& out, uint64_t byte) { out.push_back(static_cast<char>(byte & 0xff)); }

/// Small numbers of either sign become small unsigned ones.
void append_zigzag(std::string& out, int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  append_varint(out, (bits << 1) ^ (value < 0 ? ~uint64_t{0} : 0));
}

}  // namespace

void append_varint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) append_byte(out, value | 0x80);
  append_byte(out, value);
}

void ThriftWriter::field(int id, uint8_t type) {
  int& last = last_ids_.back();
  const int step = id - last;
  last = id;
  if (step >= 1 && step <= 15) {
    append_byte(out_, static_cast<uint64_t>(step) << 4 | type);
  } else {
    append_byte(out_, type);
    append_zigzag(out_, id);
  }
}

void ThriftWriter::end_struct() {
  append_byte(out_, 0);
  last_ids_.pop_back();
}

void ThriftWriter::boolean(int id, bool value) { field(id, value ? kTrue : kFalse); }

void ThriftWriter::byte(int id, int8_t value) {
  field(id, kByte);
  append_byte(out_, static_cast<uint8_t>(value));
}

void ThriftWriter::int16(int id, int16_t value) {
  field(id, kInt16);
  append_zigzag(out_, value);
}

void ThriftWriter::int32(int id, int32_t value) {
  field(id, kInt32);
  append_zigzag(out_, value);
}

void ThriftWriter::int64(int id, int64_t value) {
  field(id, kInt64);
  append_zigzag(out_, value);
}

void ThriftWriter::binary(int id, std::string_view value) {
  field(id, kBinary);
  element(value);
}

void ThriftWriter::begin_struct(int id) {
  field(id, kStruct);
  begin_struct();
}

void ThriftWriter::empty_struct(int id) {
  begin_struct(id);
  end_struct();
}

void ThriftWriter::list(int id, Element type, size_t size) {
  field(id, kList);
  const auto code = static_cast<uint64_t>(type);
  if (size < 15) {
    append_byte(out_, size << 4 | code);
  } else {
    append_byte(out_, 0xf0 | code);
    append_varint(out_, size);
  }
}

void ThriftWriter::element(int64_t value) { append_zigzag(out_, value); }

void ThriftWriter::element(std::string_view value) {
  append_varint(out_, value.size());
  out_.append(value);
}

}  // namespace sluice
