using System.Globalization;
using System.Text;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Values;

namespace Osprey.Tests.Values;

/// <summary>Compares containers in a real program's core file with what the program itself printed.</summary>
public sealed class ContainerTests
{
    private static readonly (string Expression, string Expected)[] s_texts =
    [
        ("atomic_int", "5"),
        ("atomic_int + 1", "6"),
        ("atomic_bool", "true"),
        ("atomic_enum", "Status::running"),
        ("atomic_pointer->x", "11"),
        ("*atomic_pointer", "{x = 11, y = 12}"),
        ("((std::vector<int> *)&vector_int)->_M_impl._M_start[1]", "2"),
        ("reinterpret_cast<std::vector<int>&>(vector_int)[2]", "3"),
        ("sizeof(std::vector<int>::size_type)", "8"),
        ("sizeof(std::map<int, int>::value_type)", "error: No symbol \"std::map\" in current context."),
        ("((std::map<int, std::string> *)&map_string)->_M_t._M_impl._M_node_count", "2"),
        ("((std::unordered_map<int, int> *)&hash_many)->_M_h._M_element_count", "1000"),
        ("vector_int", "std::vector of length 3, capacity 3 = {1, 2, 3}"),
        ("vector_empty", "std::vector of length 0, capacity 0"),
        ("vector_bool", "std::vector<bool> of length 4, capacity 64 = {true, false, true, true}"),
        ("vector_bool[1]", "false"),
        (
            "vector_string",
            "std::vector of length 2, capacity 2 = {\"one\", \"a string that is far too long for the small buffer\"}"
        ),
        ("vector_string[0]", "\"one\""),
        ("vector_point[1].y", "4"),
        ("vector_pointer[0]->x", "11"),
        ("vector_many[999]", "2997"),
        ("vector_many[2:5]", "{6, 9, 12}"),
        ("vector_many[1]@3", "{3, 6, 9}"),
        ("derived_vector", "std::vector of length 2, capacity 2 = {4, 5}"),
        ("derived_vector[1]", "5"),
        ("tagged_vector", "{<std::vector<int, std::allocator<int> >> = std::vector of length 0, capacity 0, tag = 9}"),
        ("vector_int[3]", "error: Index 3 is out of range: there are 3 elements."),
        ("deque_int[0]", "-2"),
        ("deque_int[1000]", "999"),
        ("array_short", "std::array of length 3 = {7, 8, 9}"),
        ("array_short[2]", "9"),
        ("array_empty", "std::array of length 0"),
        ("short_string", "\"short\""),
        ("long_string", "\"this one does not fit into the object itself\""),
        ("empty_string", "\"\""),
        ("short_string[1]", "104 'h'"),
        ("view", "\"viewed\""),
        ("*unique_int", "5"),
        ("unique_null", "std::unique_ptr<int> = {get() = 0x0}"),
        ("unique_function->y", "12"),
        ("*shared_int", "77"),
        ("shared_null", "std::shared_ptr<int> (empty) = {get() = 0x0}"),
        ("intrusive->value", "66"),
        ("nanos", "1500000000ns"),
        ("millis", "20ms"),
        ("hours", "3h"),
        ("when", "123ns"),
        ("nanos > 5", "true"),
        ("set_int", "std::set with 5 elements = {1, 2, 3, 4, 5}"),
        ("set_empty", "std::set with 0 elements"),
        ("multiset_int", "std::multiset with 3 elements = {1, 2, 2}"),
        ("map_string", "std::map with 2 elements = {[1] = \"one\", [2] = \"two\"}"),
        ("map_string[2]", "\"two\""),
        ("map_string[3]", "error: No element has this key."),
        ("map_by_string[\"y\"]", "2"),
        ("multimap_char", "std::multimap with 3 elements = {[97 'a'] = 1, [97 'a'] = 2, [98 'b'] = 3}"),
        ("map_aligned", "std::map with 2 elements = {[1] = 1.5, [2] = 2.5}"),
        ("hash_pointer[7]->x", "11"),
        ("hash_string", "std::unordered_map with 1 element = {[\"key\"] = 9}"),
        ("hash_string[\"key\"]", "9"),
        ("hash_many[31]", "961"),
        ("hash_set", "std::unordered_set with 1 element = {42}"),
        ("list_int", "std::list with 3 elements = {1, 2, 3}"),
        ("list_int[1]", "2"),
        ("list_string", "std::list with 2 elements = {\"a\", \"b\"}"),
        ("forward_int", "std::forward_list = {4, 5, 6}"),
        ("pair_value", "{first = 1, second = 99 'c'}"),
        ("pair_value.second", "99 'c'"),
        ("tuple_value", "std::tuple = {1, \"two\", 3.5}"),
        ("optional_full", "std::optional<int> = {8}"),
        (
            "optional_empty",
            "std::optional<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >>"
                + " [no contained value]"
        ),
        ("variant_int", "std::variant<int, double> [index 0] = {4}"),
        ("empty_list", "boost::intrusive::list with 0 elements"),
    ];

    [ToolTheory("g++", "gdb")]
    [Trait("Category", "Slow")]
    [InlineData("-O0 -gdwarf-5")]
    [InlineData("-O2 -gdwarf-4")]
    public void Gcc_Containers_HoldWhatTheProgramSays(string options) => Check("g++", options);

    [ToolTheory("clang++", "gdb")]
    [Trait("Category", "Slow")]
    [InlineData("-O0 -gdwarf-4 -fstandalone-debug")]
    [InlineData("-O2 -gdwarf-5 -fstandalone-debug")]
    public void Clang_Containers_HoldWhatTheProgramSays(string options) => Check("clang++", options);

    private static void Check(string compiler, string options)
    {
        using var program = new StoppedProgram(compiler, options + " -std=c++17", "containers.cc");
        var differences = new StringBuilder();
        foreach ((string expression, string expected) in s_texts)
        {
            string actual = program.Print(expression);
            if (actual != expected)
                differences.Append($"{expression}\n  expected: {expected}\n  ours:     {actual}\n");
        }

        foreach (string line in program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = line[..line.IndexOf(':', StringComparison.Ordinal)];
            string actual = $"{name}:{string.Concat(program.Evaluate(name).Elements().Select(Describe))}";
            if (actual != line)
                differences.Append(
                    $"{name}\n  expected: {Cut(line)}\n  ours:     {Cut(actual)}\n  {Cut(program.Print(name))}\n"
                );
        }

        Assert.True(differences.Length == 0, $"{compiler} {options}\n{differences}");
        Assert.Equal(17, program.Output.Count(c => c == '\n'));
    }

    private static string Cut(string text) => text.Length > 300 ? text[..300] : text;

    private static string Describe(Value element) =>
        (element.Member("value") ?? element).TryGetInt64(out long value)
            ? " " + value.ToString(CultureInfo.InvariantCulture)
            : " ?";
}
