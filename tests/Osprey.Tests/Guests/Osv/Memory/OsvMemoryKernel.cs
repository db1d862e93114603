using System.Globalization;
using System.Text;
using Osprey.Guests;
using Osprey.Guests.Memory;
using Osprey.Guests.Osv.Memory;
using Osprey.Guests.Threads;
using Osprey.Tests.Guests.Osv.Threads;

namespace Osprey.Tests.Guests.Osv.Memory;

/// <summary>The program osvmem.cc, and all that is read of it as text.</summary>
internal static class OsvMemoryKernel
{
    private const string Options =
        "-O1 -g -std=c++17 -pthread -fno-omit-frame-pointer "
        + "-Wl,--defsym=_percpu_start=__start_percpu,--defsym=_percpu_end=__stop_percpu";

    public static OsvLikeKernel Start(string compiler) => new(compiler, Options, "osvmem.cc");

    /// <summary>
    /// Reads everything. Each reader's answer is a part of its own, so that none hides another's failure.
    /// </summary>
    public static IEnumerable<Func<string>> Describe(GuestKernel kernel, Dictionary<string, ulong> truth)
    {
        yield return () => DescribeUse(OsvMemoryUse.Read(kernel, default));
        yield return () =>
            DescribeList(
                OsvFreeRanges.Read(kernel, default),
                range => $"free {range.Address:x} {range.Size:x} order {range.Order} physical {range.Physical:x}"
            );
        yield return () => DescribeList(OsvMappings.Read(kernel, default), Describe);
        yield return () =>
            DescribeList(
                OsvMappings.ReadLinear(kernel, default),
                map => $"linear {map.Start:x} {map.Physical:x} {map.Size:x} {map.Kind} {map.Name}"
            );
        yield return () => DescribeRecord(OsvAllocations.Read(kernel, default));
        yield return () => $"switch {OsvAllocations.FindSwitch(kernel).IsOn}\n";
        yield return () => DescribePlaces(kernel, truth);
    }

    private static string DescribeUse(GuestMemoryUse use)
    {
        var text = new StringBuilder();
        foreach (GuestMemoryPart part in use.Parts)
            text.Append(CultureInfo.InvariantCulture, $"{part.Name} {part.Size}: {part.Description}\n");

        return text.Append(Join(use.Defects)).ToString();
    }

    private static string DescribeList<T>(GuestList<T> list, Func<T, string> describe)
    {
        var text = new StringBuilder();
        foreach (T item in list.Items)
            text.Append(describe(item)).Append('\n');

        return text.Append(Join(list.Defects)).ToString();
    }

    private static string Describe(GuestMapping mapping) =>
        $"map {mapping.Start:x} {mapping.End:x} {mapping.FlagLetters} ({string.Join(' ', mapping.Flags)}) "
        + $"{mapping.Permissions} {mapping.Offset:x} {mapping.Path}";

    private static string DescribeRecord(GuestAllocationList list)
    {
        var text = new StringBuilder();
        for (int chain = 0; chain < list.Chains.Count; chain++)
        {
            List<GuestAllocation> items = [.. list.Items.Where(item => item.Chain == chain)];
            text.Append(
                CultureInfo.InvariantCulture,
                $"{items.Count} allocations of {items.Sum(item => (long)item.Size)} bytes, first {items[0].Sequence} "
                    + $"at {items[0].Address:x}, {list.Chains[chain].Length} frames\n"
            );
        }

        return text.Append(CultureInfo.InvariantCulture, $"sequence {list.Sequence}, on: {list.IsOn}\n")
            .Append(Join(list.Defects))
            .ToString();
    }

    private static string DescribePlaces(GuestKernel kernel, Dictionary<string, ulong> truth)
    {
        ulong thread = truth["thread_object"];
        GuestThreadState state = new(7, thread, "worker", "waiting")
        {
            StackStart = thread + 0x100000,
            StackSize = 65536,
        };
        OsvAddressBook book = OsvAddressBook.Read(kernel, new GuestThreadList([state], [], null), default);
        ulong counter = truth["percpu1"] + (truth["counter"] - truth["start"]);
        (string Name, ulong Address)[] asked =
        [
            ("the thread", thread),
            ("its exception stack", thread + 16 + 4096 + 0x20),
            ("its stack", thread + 0x100010),
            ("CPU 1", truth["cpu1"] + 16),
            ("a variable of CPU 1", counter + 4),
            ("an object in use", 0x600000100fc8),
            ("a free object", 0x600000100f40),
            ("a pool's header", 0x600000100008),
            ("a page without a pool", 0x600000104000),
            ("a large block", 0x400000201040),
            ("behind it", 0x400000203040),
            ("a free range", 0x400000014008),
            ("the same by another map", 0x600000014008),
            ("a page in a CPU's cache", 0x500000303010),
            ("the same in the main area", 0x400000303010),
            ("a page of its own", 0x500000310000),
            ("a file's mapping", 0x100000040010),
            ("a stack's mapping", 0x200000003000),
            ("nothing", 0x300000000000),
        ];
        var text = new StringBuilder();
        foreach ((string name, ulong address) in asked)
        {
            text.Append(name).Append('\n');
            foreach (GuestPlace place in book.Find(address))
            {
                string start = place.Start is { } first ? $" at -{unchecked(address - first):x}" : "";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {place.Kind}: {place.Description}{start} {place.Size:x}\n"
                );
            }
        }

        foreach (ulong alias in book.FindAliases(0x100fc8))
        {
            text.Append(CultureInfo.InvariantCulture, $"alias {alias:x}\n");
            foreach (GuestPlace place in book.FindByAlias(alias))
                text.Append(CultureInfo.InvariantCulture, $"  {place.Kind}: {place.Description}\n");
        }

        return text.Append(Join(book.Defects)).ToString();
    }

    private static string Join(IReadOnlyList<string> defects) =>
        string.Concat(defects.Select(defect => $"defect: {defect}\n"));
}
