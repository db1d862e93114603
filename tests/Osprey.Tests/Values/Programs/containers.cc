// Every kind of container in globals. What they hold is printed by the program itself.
#include <array>
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>
#include <boost/intrusive_ptr.hpp>
#include <chrono>
#include <cstdio>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace bi = boost::intrusive;

enum class Status { idle, running };
struct Point { int x, y; };
struct alignas(8) Pair { int a; char b; };

std::atomic<int> atomic_int{5};
std::atomic<bool> atomic_bool{true};
std::atomic<Status> atomic_enum{Status::running};
std::atomic<Point *> atomic_pointer{nullptr};
Point target{11, 12};

std::vector<int> vector_int{1, 2, 3};
std::vector<int> vector_empty;
std::vector<bool> vector_bool{true, false, true, true};
std::vector<std::string> vector_string{"one", "a string that is far too long for the small buffer"};
std::vector<Point> vector_point{{1, 2}, {3, 4}};
std::vector<Point *> vector_pointer{&target, nullptr};
std::vector<int> vector_many;
struct Derived : std::vector<int> { Derived() : std::vector<int>{4, 5} {} } derived_vector;
struct Tagged : std::vector<int> { int tag = 9; } tagged_vector;
std::deque<int> deque_int;
std::array<short, 3> array_short{7, 8, 9};
std::array<int, 0> array_empty;
std::string short_string = "short";
std::string long_string = "this one does not fit into the object itself";
std::string empty_string;
std::string_view view = "viewed";
std::unique_ptr<int> unique_int{new int(5)};
std::unique_ptr<int> unique_null;
static void release(Point *) {}
std::unique_ptr<Point, void (*)(Point *)> unique_function{&target, release};
std::shared_ptr<int> shared_int = std::make_shared<int>(77);
std::shared_ptr<int> shared_null;
std::weak_ptr<int> weak_int = shared_int;
struct Counted { int count = 0; int value = 66; };
void intrusive_ptr_add_ref(Counted *c) { c->count++; }
void intrusive_ptr_release(Counted *c) { c->count--; }
boost::intrusive_ptr<Counted> intrusive{new Counted};
std::chrono::nanoseconds nanos{1500000000};
std::chrono::milliseconds millis{20};
std::chrono::hours hours{3};
std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds> when{std::chrono::nanoseconds{123}};
std::set<int> set_int{5, 1, 3, 2, 4};
std::set<int> set_empty;
std::multiset<int> multiset_int{2, 1, 2};
std::map<int, std::string> map_string{{2, "two"}, {1, "one"}};
std::map<std::string, int> map_by_string{{"x", 1}, {"y", 2}};
std::multimap<char, long> multimap_char{{'a', 1}, {'a', 2}, {'b', 3}};
std::map<int, long double> map_aligned{{1, 1.5L}, {2, 2.5L}};
std::unordered_map<unsigned, Point *> hash_pointer{{7, &target}};
std::unordered_map<std::string, int> hash_string{{"key", 9}};
std::unordered_map<int, int> hash_many;
std::unordered_set<int> hash_set{42};
std::list<int> list_int{1, 2, 3};
std::list<std::string> list_string{"a", "b"};
std::forward_list<int> forward_int{4, 5, 6};
std::pair<int, char> pair_value{1, 'c'};
std::tuple<int, std::string, double> tuple_value{1, "two", 3.5};
std::optional<int> optional_full{8};
std::optional<std::string> optional_empty;
std::variant<int, std::string> variant_string{"text"};
std::variant<int, double> variant_int{4};

struct Item {
    int value;
    bi::list_member_hook<> list_hook;
    bi::list_member_hook<bi::link_mode<bi::normal_link>> other_hook;
    bi::set_member_hook<> set_hook;
    bi::set_member_hook<bi::optimize_size<true>, bi::tag<int>> small_hook;
    explicit Item(int v) : value(v) {}
    bool operator<(const Item &other) const { return value < other.value; }
};
struct Tag;
struct BaseItem : bi::list_base_hook<>, bi::list_base_hook<bi::tag<Tag>>, bi::set_base_hook<bi::optimize_size<true>> {
    int value;
    explicit BaseItem(int v) : value(v) {}
    bool operator<(const BaseItem &other) const { return value < other.value; }
};
Item items[4] = {Item(30), Item(10), Item(40), Item(20)};
BaseItem base_items[3] = {BaseItem(3), BaseItem(1), BaseItem(2)};
bi::list<Item, bi::member_hook<Item, bi::list_member_hook<>, &Item::list_hook>> member_list;
bi::list<Item, bi::member_hook<Item, bi::list_member_hook<bi::link_mode<bi::normal_link>>, &Item::other_hook>, bi::constant_time_size<false>> uncounted_list;
bi::set<Item, bi::member_hook<Item, bi::set_member_hook<>, &Item::set_hook>> member_set;
bi::multiset<Item, bi::member_hook<Item, bi::set_member_hook<bi::optimize_size<true>, bi::tag<int>>, &Item::small_hook>, bi::constant_time_size<false>> small_set;
bi::list<BaseItem> base_list;
bi::list<BaseItem, bi::base_hook<bi::list_base_hook<bi::tag<Tag>>>> tagged_list;
bi::set<BaseItem> base_set;
bi::list<BaseItem> empty_list;

template <typename C> void show(const char *name, const C &c, const char *separator = "")
{
    std::printf("%s:", name);
    for (const auto &v : c)
        std::printf("%s %ld", separator, (long)v.value);
    std::printf("\n");
}
template <typename C> void numbers(const char *name, const C &c)
{
    std::printf("%s:", name);
    for (const auto &v : c)
        std::printf(" %ld", (long)v);
    std::printf("\n");
}

int main()
{
    atomic_pointer = &target;
    for (int i = 0; i < 1000; i++) {
        deque_int.push_back(i);
        hash_many[i] = i * i;
        vector_many.push_back(i * 3);
    }
    deque_int.pop_front();
    deque_int.push_front(-1);
    deque_int.push_front(-2);
    for (auto &i : items) {
        member_list.push_back(i);
        uncounted_list.push_front(i);
        member_set.insert(i);
        small_set.insert(i);
    }
    for (auto &i : base_items) {
        base_list.push_back(i);
        tagged_list.push_front(i);
        base_set.insert(i);
    }
    show("member_list", member_list);
    show("uncounted_list", uncounted_list);
    show("member_set", member_set);
    show("small_set", small_set);
    show("base_list", base_list);
    show("tagged_list", tagged_list);
    show("base_set", base_set);
    show("empty_list", empty_list);
    numbers("deque_int", deque_int);
    numbers("vector_many", vector_many);
    numbers("set_int", set_int);
    numbers("multiset_int", multiset_int);
    numbers("list_int", list_int);
    numbers("forward_int", forward_int);
    numbers("array_short", array_short);
    numbers("vector_bool", vector_bool);
    std::printf("hash_many:");
    for (auto &p : hash_many)
        std::printf(" %d", p.second);
    std::printf("\n");
    std::fflush(stdout);
    asm volatile("int3" : : : "memory");
    return vector_int.size() + (int)set_empty.size();
}
