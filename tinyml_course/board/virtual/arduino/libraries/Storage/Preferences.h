// The ESP32's Preferences: values by name in a namespace, kept without power. Here they lie in the second
// half of the board's storage, one after the other: three texts each, with their lengths before them. The
// name of bytes has a mark behind it: as there, they are no number and no text.
#pragma once
#include <vector>

#include "board_storage.h"

class Preferences {
 public:
  // Names have 15 letters at most, there and here. To read only, there must be something to read.
  bool begin(const char *space, bool read_only = false) {
    if (is_open_ || strlen(space) > MOST_LETTERS) return false;
    load();
    bool is_there = false;
    for (const Entry &entry : entries()) is_there = is_there || entry.space == space;
    if (read_only && !is_there) return false;
    space_ = space;
    read_only_ = read_only;
    is_open_ = true;
    return true;
  }
  void end() { is_open_ = false; }
  bool clear() {
    if (!is_open_ || read_only_) return false;
    std::vector<Entry> others;
    for (const Entry &entry : entries()) {
      if (entry.space != space_) others.push_back(entry);
    }
    entries() = others;
    return save();
  }
  bool remove(const char *key) {
    if (!is_open_ || read_only_) return false;
    const bool was_value = drop(key), were_bytes = drop(marked(key).c_str());
    return (was_value || were_bytes) && save();
  }
  bool isKey(const char *key) { return find(key) || find(marked(key).c_str()); }

#define PREFERENCE(name, type)                                                       \
  size_t put##name(const char *key, type value) { return put(key, String(value), sizeof(type)); } \
  type get##name(const char *key, type other = 0) {                                  \
    const String *found = find(key);                                                 \
    return found ? (type)found->toDouble() : other;                                  \
  }
  PREFERENCE(Char, int8_t)
  PREFERENCE(UChar, uint8_t)
  PREFERENCE(Short, int16_t)
  PREFERENCE(UShort, uint16_t)
  PREFERENCE(Int, int32_t)
  PREFERENCE(UInt, uint32_t)
  PREFERENCE(Long, int32_t)
  PREFERENCE(ULong, uint32_t)
#undef PREFERENCE
  size_t putLong64(const char *key, int64_t value) { return put(key, String((long long)value), 8); }
  int64_t getLong64(const char *key, int64_t other = 0) {
    const String *found = find(key);
    return found ? strtoll(found->c_str(), nullptr, 10) : other;
  }
  size_t putULong64(const char *key, uint64_t value) {
    return put(key, String((unsigned long long)value), 8);
  }
  uint64_t getULong64(const char *key, uint64_t other = 0) {
    const String *found = find(key);
    return found ? strtoull(found->c_str(), nullptr, 10) : other;
  }
  size_t putBool(const char *key, bool value) { return putUChar(key, value); }
  bool getBool(const char *key, bool other = false) { return getUChar(key, other) != 0; }
  // Numbers with a point are bytes there, too; a text is what earlier versions of this library kept.
  size_t putFloat(const char *key, float value) { return putBytes(key, &value, sizeof value); }
  float getFloat(const char *key, float other = NAN) {
    if (getBytes(key, &other, sizeof other)) return other;
    const String *found = find(key);
    return found ? found->toFloat() : other;
  }
  size_t putDouble(const char *key, double value) { return putBytes(key, &value, sizeof value); }
  double getDouble(const char *key, double other = NAN) {
    getBytes(key, &other, sizeof other);
    return other;
  }
  size_t putBytes(const char *key, const void *bytes, size_t size) {
    if (!bytes || size == 0) return 0;
    return put(key, String((const char *)bytes, size), size, true);
  }
  size_t getBytesLength(const char *key) {
    const String *found = find(marked(key).c_str());
    return found ? found->length() : 0;
  }
  // All of them or none: 0 where they do not fit. Without room to put them, how many they are.
  size_t getBytes(const char *key, void *bytes, size_t most) {
    const size_t size = getBytesLength(key);
    if (size == 0 || !bytes || most == 0) return size;
    if (size > most) return 0;
    memcpy(bytes, find(marked(key).c_str())->c_str(), size);
    return size;
  }
  size_t putString(const char *key, const String &value) { return put(key, value, value.length()); }
  String getString(const char *key, const String &other = String()) {
    const String *found = find(key);
    return found ? *found : other;
  }
  // The closing zero counts.
  size_t getString(const char *key, char *text, size_t most) {
    const String *found = find(key);
    if (!found || !text || found->length() + 1 > most) return 0;
    memcpy(text, found->c_str(), found->length() + 1);
    return found->length() + 1;
  }

 private:
  enum { MOST_LETTERS = 15 };
  static String marked(const char *key) { return String(key) + '\x01'; }
  struct Entry {
    String space, key, value;
  };
  static std::vector<Entry> &entries() {
    static std::vector<Entry> all;
    return all;
  }
  static uint32_t &place() {
    static uint32_t at = 0;
    return at;
  }
  static bool get_text(String &text) {
    uint16_t size = 0xFFFF;
    board_storage_move(place(), &size, sizeof size, false);
    if (size == 0xFFFF || place() + 2 + size > STORAGE_SIZE) return false;
    std::vector<char> bytes(size + 1);
    board_storage_move(place() + 2, bytes.data(), size, false);
    bytes[size] = 0;
    text = String(bytes.data(), size);
    place() += 2 + size;
    return true;
  }
  static void put_text(const String &text) {
    const uint16_t size = (uint16_t)text.length();
    board_storage_move(place(), &size, sizeof size, true);
    board_storage_move(place() + 2, text.c_str(), size, true);
    place() += 2 + size;
  }
  static void load() {
    static bool is_loaded = false;
    if (is_loaded) return;
    is_loaded = true;
    place() = STORAGE_SIZE / 2;
    for (Entry one; get_text(one.space) && get_text(one.key) && get_text(one.value);) {
      entries().push_back(one);
    }
  }
  static bool save() {
    uint32_t bytes = STORAGE_SIZE / 2 + 2;
    for (const Entry &one : entries()) {
      bytes += 6 + one.space.length() + one.key.length() + one.value.length();
    }
    if (bytes > STORAGE_SIZE) return false;
    place() = STORAGE_SIZE / 2;
    for (const Entry &one : entries()) {
      put_text(one.space);
      put_text(one.key);
      put_text(one.value);
    }
    const uint16_t no_more = 0xFFFF;
    board_storage_move(place(), &no_more, sizeof no_more, true);
    return true;
  }
  const String *find(const char *key) {
    for (const Entry &entry : entries()) {
      if (is_open_ && entry.space == space_ && entry.key == key) return &entry.value;
    }
    return nullptr;
  }
  bool drop(const char *key) {
    std::vector<Entry> &all = entries();
    for (size_t i = 0; i < all.size(); i++) {
      if (all[i].space != space_ || all[i].key != key) continue;
      all[i] = all.back();
      all.pop_back();
      return true;
    }
    return false;
  }
  size_t put(const char *key, const String &value, size_t size, bool are_bytes = false) {
    if (!is_open_ || read_only_ || strlen(key) > MOST_LETTERS) return 0;
    const String name = are_bytes ? marked(key) : String(key);
    drop(key);
    drop(marked(key).c_str());
    entries().push_back(Entry{space_, name, value});
    if (save()) return size;
    drop(name.c_str());
    return 0;
  }
  String space_;
  bool is_open_ = false, read_only_ = false;
};
