// The ESP32's Preferences: values by name in a namespace, kept without power. Here they lie in the second
// half of the board's storage, one after the other: three texts each, with their lengths before them.
#pragma once
#include <vector>

#include "board_storage.h"

class Preferences {
 public:
  bool begin(const char *space, bool read_only = false) {
    load();
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
  bool remove(const char *key) { return is_open_ && !read_only_ && drop(key) && save(); }
  bool isKey(const char *key) { return find(key) != nullptr; }

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
  size_t putBool(const char *key, bool value) { return putUChar(key, value); }
  bool getBool(const char *key, bool other = false) { return getUChar(key, other) != 0; }
  size_t putFloat(const char *key, float value) { return put(key, String(value, 9), sizeof value); }
  float getFloat(const char *key, float other = NAN) {
    const String *found = find(key);
    return found ? found->toFloat() : other;
  }
  size_t putString(const char *key, const String &value) { return put(key, value, value.length()); }
  String getString(const char *key, const String &other = String()) {
    const String *found = find(key);
    return found ? *found : other;
  }

 private:
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
    text = bytes.data();
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
  size_t put(const char *key, const String &value, size_t size) {
    if (!is_open_ || read_only_) return 0;
    drop(key);
    entries().push_back(Entry{space_, key, value});
    if (save()) return size;
    drop(key);
    return 0;
  }
  String space_;
  bool is_open_ = false, read_only_ = false;
};
