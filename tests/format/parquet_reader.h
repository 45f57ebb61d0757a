#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// A value of Thrift's compact protocol, of whatever type. For tests: stops at what it can't read.
struct Thrift {
  int64_t number = 0;  ///< Also of booleans.
  std::string bytes;
  std::vector<Thrift> list;
  std::map<int, Thrift> fields;

  bool has(int id) const { return fields.contains(id); }
  const Thrift& operator[](int id) const {
    static const Thrift kAbsent;
    const auto found = fields.find(id);
    if (found != fields.end()) return found->second;
    ADD_FAILURE() << "there is no field " << id;
    return kAbsent;
  }
};

/// Reads what stands at the front of `in`, and takes it away.
class ThriftReader {
 public:
  explicit ThriftReader(std::string_view& in) : in_(in) {}

  uint64_t varint() {
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const uint64_t byte = next();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
  Thrift structure() {
    Thrift result;
    for (int id = 0;;) {
      const uint64_t head = next();
      if (head == 0) return result;
      id = head >> 4 != 0 ? id + static_cast<int>(head >> 4) : static_cast<int>(zigzag());
      result.fields[id] = value(head & 15);
    }
  }

 private:
  uint64_t next() {
    if (in_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(in_[0]);
    in_.remove_prefix(1);
    return byte;
  }
  int64_t zigzag() {
    const uint64_t bits = varint();
    return static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1);
  }
  Thrift value(uint64_t type) {
    Thrift result;
    if (type == 1 || type == 2) {
      result.number = type == 1;
    } else if (type == 3) {
      result.number = static_cast<signed char>(next());
    } else if (type <= 6) {
      result.number = zigzag();
    } else if (type == 8) {
      const size_t size = varint();
      result.bytes = in_.substr(0, size);
      in_.remove_prefix(std::min(size, in_.size()));
    } else if (type == 9) {
      const uint64_t head = next();
      const uint64_t size = head >> 4 == 15 ? varint() : head >> 4;
      for (uint64_t i = 0; i < size; ++i) result.list.push_back(value(head & 15));
    } else if (type == 12) {
      result = structure();
    } else {
      ADD_FAILURE() << "a field of type " << type;
    }
    return result;
  }

  std::string_view& in_;
};

/// `count` values of the hybrid encoding.
inline std::vector<uint32_t> decode_rle(std::string_view in, unsigned width, size_t count) {
  std::vector<uint32_t> values;
  ThriftReader reader(in);
  while (values.size() < count && !in.empty()) {
    const uint64_t head = reader.varint();
    if ((head & 1) == 0) {
      uint32_t value = 0;
      std::memcpy(&value, in.data(), (width + 7) / 8);
      in.remove_prefix((width + 7) / 8);
      values.insert(values.end(), head >> 1, value);
      continue;
    }
    const std::string_view packed = in.substr(0, (head >> 1) * width);
    EXPECT_EQ(packed.size(), (head >> 1) * width);
    in.remove_prefix(packed.size());
    for (size_t i = 0; i < (head >> 1) * 8; ++i) {
      uint32_t value = 0;
      for (size_t bit = 0; bit < width; ++bit) {
        const size_t at = i * width + bit;
        const auto byte = static_cast<unsigned char>(packed[at / 8]);
        value |= static_cast<uint32_t>(byte >> (at % 8) & 1) << bit;
      }
      values.push_back(value);
    }
  }
  EXPECT_TRUE(in.empty());
  EXPECT_GE(values.size(), count);
  EXPECT_LT(values.size(), count + 8);
  values.resize(count);
  return values;
}

/// A page that is not compressed.
struct Page {
  Thrift header;
  std::string body;

  bool dictionary() const { return header[1].number == 2; }
  int64_t values() const { return header[dictionary() ? 7 : 5][1].number; }
  int64_t encoding() const { return header[dictionary() ? 7 : 5][2].number; }
  /// Data pages: 1 for each row that has a value.
  std::vector<uint32_t> levels() const {
    return decode_rle(std::string_view(body).substr(4, level_bytes()), 1,
                      static_cast<size_t>(values()));
  }
  /// Data pages: what follows the levels.
  std::string data() const { return body.substr(4 + level_bytes()); }

 private:
  size_t level_bytes() const {
    uint32_t bytes = 0;
    std::memcpy(&bytes, body.data(), sizeof bytes);
    return bytes;
  }
};

inline std::vector<Page> read_pages(std::string_view chunk) {
  std::vector<Page> pages;
  while (!chunk.empty()) {
    Page& page = pages.emplace_back();
    page.header = ThriftReader(chunk).structure();
    const auto size = static_cast<size_t>(page.header[3].number);
    page.body = chunk.substr(0, size);
    EXPECT_EQ(page.body.size(), size);
    chunk.remove_prefix(page.body.size());
  }
  return pages;
}

}  // namespace sluice
