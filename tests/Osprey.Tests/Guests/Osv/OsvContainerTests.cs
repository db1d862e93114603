using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Session.Guests;
using Osprey.Symbols.Types;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Values;
using Osprey.Values.Containers;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests.Osv;

/// <summary>
/// Containers of OSv's kernel: gdb walks them by their pointers, and OSv's own commands for gdb say what is in them.
/// </summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class OsvContainerTests(OsvGuestFixture fixture, ITestOutputHelper output)
{
    [OsvBuildFact("qemu-system-x86_64", "gdb")]
    public void Elements_OfEachContainer_AreThoseThatGdbWalks()
    {
        var gdb = new OsvGdb(fixture.Guest, ["1"]);
        using GuestSession session = fixture.Open();
        int elements = 0;
        foreach ((string name, IReadOnlyList<ulong> expected) in gdb.Containers)
        {
            Assert.Equal((name, Join(expected)), (name, Join(Walk(session, name))));
            elements += expected.Count;
        }

        output.WriteLine($"{gdb.Containers.Count} containers, {elements} elements");
        Assert.InRange(elements, 200, int.MaxValue);
    }

    [OsvBuildFact("qemu-system-x86_64", "gdb")]
    public void Threads_AreThoseOfOsvsCommand()
    {
        using GuestSession session = fixture.Open();
        string text = OsvGdb.RunOsvCommand(fixture.Guest, "osv info threads --no_location");

        // What is running is told by stack pointers there, and is left out: only what is stored is compared.
        string[] expected =
        [
            .. ThreadRow()
                .Matches(text)
                .Select(row => string.Join(' ', row.Groups.Values.Skip(1).Select(group => group.Value))),
        ];
        string[] found =
        [
            .. session
                .Selected.Evaluate("sched::thread_map")
                .Entries()
                .OrderBy(entry => entry.Key!.AsPointer())
                .Select(entry => Describe(session, entry.Value.AsPointer()!.Value)),
        ];
        Assert.Equal(expected, found);
        Assert.Contains($"Number of threads: {found.Length}", text, StringComparison.Ordinal);
        Assert.InRange(found.Length, 20, int.MaxValue);
    }

    [OsvBuildFact("qemu-system-x86_64", "gdb")]
    public void Memory_IsThatOfOsvsCommands()
    {
        using GuestSession session = fixture.Open();
        ulong[] totals =
        [
            .. NumberOfBytes()
                .Matches(OsvGdb.RunOsvCommand(fixture.Guest, "osv memory"))
                .Select(match => Parse(match.Groups[1].Value)),
        ];
        (ulong Start, ulong End)[] areas =
        [
            .. session
                .Selected.Evaluate("mmu::vma_list")
                .Elements()
                .Select(vma => (Number(vma, "_range", "_start"), Number(vma, "_range", "_end"))),
        ];
        Assert.Equal<IEnumerable<ulong>>(
            totals,
            [
                session.Selected.Evaluate("memory::phys_mem_size").AsPointer()!.Value,
                areas.Aggregate(0UL, (sum, area) => sum + (area.End - area.Start)),
                session.Selected.Evaluate("memory::free_memory._M_i").AsPointer()!.Value,
            ]
        );

        string mapped = OsvGdb.RunOsvCommand(fixture.Guest, "osv mmap");
        Assert.Equal(
            TwoNumbers()
                .Matches(mapped)
                .Select(match => (ParseHex(match.Groups[1].Value), ParseHex(match.Groups[2].Value))),
            areas
        );
        Assert.InRange(areas.Length, 3, int.MaxValue);

        // Of each list of free ranges the command shows the first one only.
        string[] free =
        [
            .. TwoNumbers()
                .Matches(OsvGdb.RunOsvCommand(fixture.Guest, "osv heap"))
                .Select(match => Join([ParseHex(match.Groups[1].Value), ParseHex(match.Groups[2].Value)])),
        ];
        Assert.Equal<IEnumerable<string>>(
            free,
            [
                .. session.Selected.Evaluate("memory::free_page_ranges._free_huge").Elements().Select(DescribeRange),
                .. Enumerable
                    .Range(0, 16)
                    .SelectMany(order =>
                        session.Selected.Evaluate($"memory::free_page_ranges._free[{order}]").Elements().Take(1)
                    )
                    .Select(DescribeRange),
            ]
        );
        Assert.NotEmpty(free);

        string linear = OsvGdb.RunOsvCommand(fixture.Guest, "osv linear_mmap");
        Assert.Equal(
            LinearRow()
                .Matches(linear)
                .Select(row => string.Join(' ', row.Groups.Values.Skip(1).Select(group => group.Value))),
            session
                .Selected.Evaluate("mmu::linear_vma_set")
                .Elements()
                .Select(pointer =>
                {
                    Value vma = pointer.Dereference();
                    return $"{Number(vma, "_virt_addr"):x} {Number(vma, "_phys_addr"):x} "
                        + $"{Number(vma, "_size"):x} {vma.Member("_name")!.AsString()}";
                })
        );
    }

    [OsvBuildFact("qemu-system-x86_64", "gdb")]
    public void Callouts_AreThoseOfOsvsCommand()
    {
        using GuestSession session = fixture.Open();
        string text = OsvGdb.RunOsvCommand(fixture.Guest, "osv info callouts");
        string[] expected =
        [
            .. CalloutRow()
                .Matches(text)
                .Select(row => string.Join(' ', row.Groups.Values.Skip(1).Select(group => group.Value))),
        ];
        Assert.Equal(
            expected,
            session
                .Selected.Evaluate("callouts::_callouts")
                .Elements()
                .Select(pointer =>
                {
                    Value callout = pointer.Dereference();
                    return $"{pointer.AsPointer():x} {Number(callout, "c_fn"):x} "
                        + $"{Number(callout, "c_to_ns", "__d", "__r")} "
                        + $"{Number(callout, "c_flags"):x4}";
                })
        );
        Assert.NotEmpty(expected);
    }

    private static ulong[] Walk(GuestSession session, string name)
    {
        Value container = session.Selected.Evaluate(name);
        var items = container.AsContainer() as ContainerView.Items;
        Assert.True(items is not null, $"{name} is not read as a container");
        ElementWalk walk = items.Start();
        ulong[] found =
        [
            .. walk.Enumerate()
                .Select(element =>
                    element.Value.ResolvedType is PointerType
                        ? element.Value.AsPointer()!.Value
                        : element.Value.Address!.Value
                ),
        ];
        Assert.Equal((name, null, true), (name, walk.Defect, walk.IsComplete));
        Assert.Equal((name, items.Count ?? (ulong)found.Length), (name, (ulong)found.Length));
        return found;
    }

    private static string Describe(GuestSession session, ulong thread)
    {
        string at = string.Create(CultureInfo.InvariantCulture, $"((sched::thread *)0x{thread:x})");
        Value cpu = session.Selected.Evaluate($"{at}->_detached_state->_cpu");
        string number = cpu.AsPointer() == 0 ? "?" : Read(session, $"{at}->_detached_state->_cpu->arch.acpi_id");
        return $"{Read(session, $"{at}->_id")} {thread:x} "
            + $"{session.Selected.Evaluate($"{at}->_attr._name._M_elems").AsString()} {number} "
            + $"{Read(session, $"{at}->_total_cpu_time.__r")}";
    }

    private static string Read(GuestSession session, string expression) =>
        string.Create(CultureInfo.InvariantCulture, $"{session.Selected.Evaluate(expression).AsPointer()}");

    private static string DescribeRange(Value range) => Join([range.Address!.Value, Number(range, "size")]);

    private static ulong Number(Value value, params ReadOnlySpan<string> path) =>
        value.Path(path)?.AsPointer()
        ?? throw new InvalidOperationException($"no number at {string.Join('.', path.ToArray())}");

    private static string Join(IEnumerable<ulong> addresses) =>
        string.Join(' ', addresses.Select(address => string.Create(CultureInfo.InvariantCulture, $"{address:x}")));

    private static ulong Parse(string digits) => ulong.Parse(digits, CultureInfo.InvariantCulture);

    private static ulong ParseHex(string digits) =>
        ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ *(\d+) \(0x([0-9a-f]+)\) (.*?) +cpu(\S+) +\S+ +\S+ +(\d+)\s*$", RegexOptions.Multiline)]
    private static partial Regex ThreadRow();

    [GeneratedRegex(@"(\d+) Bytes")]
    private static partial Regex NumberOfBytes();

    [GeneratedRegex(@"^0x([0-9a-f]+) 0x([0-9a-f]+)", RegexOptions.Multiline)]
    private static partial Regex TwoNumbers();

    [GeneratedRegex(@"^ *([0-9a-f]+) +([0-9a-f]+) +([0-9a-f]+) rwxp +\S+ (\S*)$", RegexOptions.Multiline)]
    private static partial Regex LinearRow();

    [GeneratedRegex(
        @"^\d+ +0x([0-9a-f]+)(?: <[^>]*>)? +0x([0-9a-f]+) <.*?> +(\d+) +0x([0-9a-f]{4}) ",
        RegexOptions.Multiline
    )]
    private static partial Regex CalloutRow();
}
