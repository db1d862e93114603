using System.Text.Json;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Values;
using Osprey.Values.Containers;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;

namespace Osprey.Tests.Values;

/// <summary>Reads containers of a guest whose memory is damaged.</summary>
public sealed class HostileContainerTests
{
    private static readonly string[] s_names =
    [
        "atomic_pointer",
        "vector_int",
        "vector_bool",
        "vector_string",
        "vector_point",
        "deque_int",
        "array_short",
        "short_string",
        "long_string",
        "view",
        "unique_int",
        "unique_function",
        "shared_int",
        "weak_int",
        "intrusive",
        "nanos",
        "set_int",
        "multiset_int",
        "map_string",
        "map_by_string",
        "hash_pointer",
        "hash_string",
        "hash_many",
        "list_int",
        "list_string",
        "forward_int",
        "pair_value",
        "tuple_value",
        "optional_full",
        "variant_string",
        "member_list",
        "uncounted_list",
        "member_set",
        "small_set",
        "base_list",
        "tagged_list",
        "base_set",
    ];

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void MutatedContainers_Always_AreBoundedAndSayWhatIsWrong()
    {
        using var program = new StoppedProgram("g++", "-O0 -g -std=c++17", "containers.cc");
        var random = new Random(20240607);
        int defects = 0;
        foreach (string name in s_names)
        {
            Value original = program.Evaluate(name);
            ulong[] nodes =
            [
                original.Address!.Value,
                .. original.Elements().Take(20).Select(element => element.Address).OfType<ulong>(),
            ];
            for (int round = 0; round < 60; round++)
            {
                var memory = new OverlaidMemory(program.Memory);
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    // Damages pointers before an element, after it, and anywhere in the container itself.
                    ulong at = unchecked(
                        nodes[random.Next(nodes.Length)]
                        + (ulong)(random.Next(-4, (int)Math.Min(original.Size!.Value / 8, 12) + 1) * 8L)
                    );
                    switch (random.Next(5))
                    {
                        case 0:
                            memory.Set(at, (ulong)random.NextInt64());
                            break;
                        case 1:
                            memory.Set(
                                at,
                                unchecked(nodes[random.Next(nodes.Length)] + (ulong)(random.Next(-4, 4) * 8L))
                            );
                            break;
                        case 2:
                            memory.Set(at, (ulong)random.Next(0, 1 << 20));
                            break;
                        case 3:
                            memory.Set(at, ulong.MaxValue - (ulong)random.Next(16));
                            break;
                        default:
                            memory.Hide(at, 8);
                            break;
                    }
                }

                var space = new ValueSpace(memory, program.Modules, program.Names);
                Value value = ValueExpression.Evaluate(name, space);
                string text = ValueText.Format(value);
                Assert.True(text.Length < 1 << 22, name);
                using (var json = new Utf8JsonWriter(Stream.Null))
                    ValueJson.Write(json, value);

                Assert.True(value.Elements().Count() <= ElementWalk.MaxBudget);
                Assert.True(memory.Reads < 20_000_000, name);
                if (value.AsContainer() is ContainerView.Items items)
                {
                    ElementWalk walk = items.Start();
                    ulong given = (ulong)walk.Enumerate().LongCount();
                    Assert.True(walk.Defect is not null || items.Count is null || items.Count == given, name);
                    defects += walk.Defect is null ? 0 : 1;
                }
            }
        }

        Assert.True(defects > 100, $"{defects}");
    }

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void DamagedLinks_AreSaid()
    {
        using var program = new StoppedProgram("g++", "-O0 -g -std=c++17", "containers.cc");
        Value list = program.Evaluate("list_int");
        ulong header = list.Address!.Value;
        ulong[] nodes = [.. list.Elements().Select(element => element.Address!.Value - 16)];
        Assert.Equal(3, nodes.Length);

        string Show(Action<OverlaidMemory> change, string expression)
        {
            var memory = new OverlaidMemory(program.Memory);
            change(memory);
            return ValueText.Format(
                ValueExpression.Evaluate(expression, new ValueSpace(memory, program.Modules, program.Names))
            );
        }

        Assert.Equal(
            $"std::list with 3 elements = {{1, 2, 3}} <torn: the node at 0x{nodes[0]:x} comes up twice>",
            Show(memory => memory.Set(nodes[2], nodes[0]), "list_int")
        );
        Assert.Equal(
            "std::list with 3 elements = {1, 2} <torn: it says 3 elements, 2 were found>",
            Show(memory => memory.Set(nodes[1], header), "list_int")
        );
        Assert.Equal(
            $"std::list with 3 elements = {{1}} <the node at 0x{nodes[1]:x} can't be read>",
            Show(memory => memory.Hide(nodes[1], 24), "list_int")
        );
        Assert.Equal(
            "std::list with 3 elements = {1} <torn: the list ends before its header>",
            Show(memory => memory.Set(nodes[0], 0), "list_int")
        );
        Assert.Equal(
            "std::list with 281474976710656 elements = {1, 2, 3} <torn: it says 281474976710656 elements, 3 "
                + "were found>",
            Show(memory => memory.Set(header + 16, 1UL << 48), "list_int")
        );

        Value vector = program.Evaluate("vector_int");
        Assert.Equal(
            "std::vector of length 3, capacity 3 = {<error: Cannot access memory at address 0x10>, <error: "
                + "Cannot access memory at address 0x14>, <error: Cannot access memory at address 0x18>}",
            Show(
                memory =>
                {
                    memory.Set(vector.Address!.Value, 16);
                    memory.Set(vector.Address!.Value + 8, 28);
                    memory.Set(vector.Address!.Value + 16, 28);
                },
                "vector_int"
            )
        );
    }

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void Json_OfContainers_IsTyped()
    {
        using var program = new StoppedProgram("g++", "-O0 -g -std=c++17", "containers.cc");
        string Json(string expression)
        {
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream))
                ValueJson.Write(json, program.Evaluate(expression));

            return System.Text.Encoding.UTF8.GetString(stream.ToArray());
        }

        Assert.Equal("""{"count":3,"elements":[1,2,3]}""", Json("vector_int"));
        Assert.Equal(
            """{"count":2,"elements":[{"key":1,"value":"one"},{"key":2,"value":"two"}]}""",
            Json("map_string")
        );
        Assert.Equal("""{"value":1500000000,"unit":"ns"}""", Json("nanos"));
        Assert.Equal("""{"first":1,"second":99}""", Json("pair_value"));
        Assert.Equal("\"Status::running\"", Json("atomic_enum"));
        Assert.Equal("\"0x0\"", Json("unique_null"));
        Assert.Equal("""{"x":11,"y":12}""", Json("target"));
        Assert.Equal("null", Json("optional_empty"));
        Assert.Equal("""{"unreadable":"0x10"}""", Json("*(int*)16"));
        Assert.Equal("18446744073709551615", Json("(unsigned long)-1"));
        Assert.Equal("3.5", Json("7.0/2"));
    }
}
