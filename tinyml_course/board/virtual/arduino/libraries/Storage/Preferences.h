// The ESP32's Preferences: values by name. Here they are gone at each power-on.
#pragma once
#include <Arduino.h>
#include <vector>

class Preferences {
 public:
  bool begin(const char *, bool read_only = false) {
    read_only_ = read_only;
    return true;
  }
  void end() {}
  bool clear() {
    entries_.clear();
    return true;
  }
  bool remove(const char *key) {
    for (size_t i = 0; i < entries_.size(); i++) {
      if (entries_[i].key != key) continue;
      entries_[i] = entries_.back();
      entries_.pop_back();
      return true;
    }
    return false;
  }
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
    String key, value;
  };
  const String *find(const char *key) {
    for (const Entry &entry : entries_) {
      if (entry.key == key) return &entry.value;
    }
    return nullptr;
  }
  size_t put(const char *key, const String &value, size_t size) {
    if (read_only_) return 0;
    remove(key);
    entries_.push_back(Entry{key, value});
    return size;
  }
  std::vector<Entry> entries_;
  bool read_only_ = false;
};
