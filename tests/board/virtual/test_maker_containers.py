"""The C++ library that sketches use: containers, texts, pointers, scanning."""

import pytest

HEADS = """#include <map>
#include <set>
#include <string>
#include <memory>
#include <deque>
#include <queue>
#include <tuple>
#include <bitset>
#include <algorithm>
#include <numeric>
#include <vector>
static int alive = 0;
struct Thing { int n; explicit Thing(int n) : n(n) { alive++; } ~Thing() { alive--; } };
"""


@pytest.mark.parametrize("board", ["nano33ble", "xiao_samd21", "esp32c3"])
@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (
            'std::map<String, int> m; m["b"] = 2; m["a"] = 1; m.insert(std::make_pair("c", 3));'
            ' for (auto &e : m) say(e.first + e.second); say(m.count("z")); m.erase("a");'
            ' say(m.size()); say(m.find("b")->second);',
            ["a1", "b2", "c3", "0", "2", "2"],
        ),
        (
            "std::set<int> s = {3, 1, 3}; say(s.size()); say(*s.begin());"
            " std::deque<int> d; d.push_back(1); d.push_front(0); say(d.front());"
            " std::queue<int> q; q.push(4); q.push(5); q.pop(); say(q.front());"
            " std::priority_queue<int> p; p.push(2); p.push(9); p.push(4); say(p.top());"
            " std::bitset<12> b; b[3] = true; b.set(11); say(b.count());",
            ["2", "1", "0", "5", "9", "2"],
        ),
        (
            "std::string s = \"temp=\"; s += std::to_string(21) + 'C'; say(s.c_str());"
            ' say(s.find("=")); say(s.substr(5, 2).c_str()); say(std::stoi("42"));'
            ' say(s == "temp=21C");',
            ["temp=21C", "4", "21", "42", "1"],
        ),
        (
            "{ std::unique_ptr<Thing> a(new Thing(5)); auto b = std::move(a); say(b->n);"
            " auto c = std::make_shared<Thing>(7); auto d = c; say(d.use_count()); say(alive); }"
            " say(alive);",
            ["5", "2", "2", "0"],
        ),
        (
            "auto t = std::make_tuple(1, 2.5f); int i; float f; std::tie(i, f) = t; say(i);"
            " say(std::get<1>(t) == 2.5f); std::vector<int> v = {5, 3, 9, 3};"
            " std::sort(v.begin(), v.end()); v.erase(std::unique(v.begin(), v.end()), v.end());"
            " say(v.size()); say(std::binary_search(v.begin(), v.end(), 9));"
            " say(std::accumulate(v.begin(), v.end(), 1, [](int a, int b) { return a * b; }));",
            ["1", "1", "3", "1", "135"],
        ),
        (
            "int a, b; float f; char w[8]; unsigned x;"
            ' say(sscanf("12,-7 3.5 word 0x1F", "%d,%d %f %7s %x", &a, &b, &f, w, &x));'
            ' say(a + b); say(f == 3.5f); say(w); say(x); say(sscanf("k=", "k=%d", &a));'
            ' say(sscanf("ab12", "%2[a-z]%2d", w, &a)); say(a);',
            ["5", "5", "1", "word", "31", "-1", "2", "12"],
        ),
    ],
    ids=["map", "others", "string", "pointers", "algorithms", "sscanf"],
)
def test_containers(says, board, statements, expected):
    before = HEADS + "void say(size_t n) { Serial.print((unsigned long)n); Serial.print('|'); }"
    before += "\nvoid say(int n) { Serial.print(n); Serial.print('|'); }"
    before += "\nvoid say(bool n) { Serial.print(n); Serial.print('|'); }"
    before += "\nvoid say(const char *n) { Serial.print(n); Serial.print('|'); }"
    assert says(statements, board, before) == expected
