using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Osprey.Binary.Demangling;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Qmp;
using Osprey.Tests.Symbols.Oracle;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests.Osv;

/// <summary>
/// Stacks of an OSv guest's vCPUs at moments that nobody chose, from its start on, with gdb to say what is right.
/// </summary>
/// <remarks>
/// Equal is: as many rows, and in each the same address, the same answer to whether it is an inlined function, and the
/// same short name. It ends with the first frame whose code is in no program that both have: of that the address
/// counts, and what gdb guesses behind it does not. The same is so for a frame that an interrupt was taken in before
/// its stub had pushed anything that call frame information tells of: gdb takes it for a caller and guesses; ours must
/// still go on to the stack's end. A return address in data ends ours where gdb guesses on: __elf_resolve_pltgot has
/// call frame information that is wrong. Lines are not
/// compared: where several rows of the line table have one address, gdb takes the last and addr2line, as we, the first.
/// </remarks>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class OsvStackTests(ITestOutputHelper output)
{
    private const int Moments = 24;

    private static readonly Lazy<(string Name, ulong Address, ulong Size)[]> s_symbols = new(ReadSymbols);

    private static readonly string[] s_requests =
    [
        "/os/threads",
        "/fs/usr?op=LISTSTATUS",
        "/trace/status",
        "/os/memory/free",
        "/hardware/processor/count",
    ];

    [OsvBuildFact("qemu-system-x86_64", "gdb")]
    public void Stacks_OfTwoVcpus_AreThoseOfGdb() => Check(2);

    [OsvBuildFact("qemu-system-x86_64", "gdb")]
    public void Stacks_OfFourVcpus_AreThoseOfGdb() => Check(4);

    private void Check(int cpus)
    {
        using var guest = new OsvGuest(cpus);
        using var qmp = new QmpClient(guest.TestQmpSocket);
        var random = new Random(cpus);
        var differences = new StringBuilder();
        int rows = 0,
            stacks = 0,
            whole = 0;
        guest.WaitForKernel();
        WaitForVcpus(qmp, cpus);
        for (int moment = 0; moment < Moments; moment++)
        {
            if (moment == Moments / 3)
                guest.WaitForBoot();

            Task asked = Task.Run(() => guest.TryAsk(s_requests[random.Next(s_requests.Length)]));
            Thread.Sleep(random.Next(5, moment < Moments / 3 ? 120 : 40));
            qmp.Execute("stop");
            var gdb = new OsvGdb(guest, []);
            string live = OsvCommandLine
                .Live(guest, gdb.Modules)
                .Json("bt", "--cpus")
                .GetProperty("vcpus")
                .GetRawText();
            string stub = OsvCommandLine
                .Stub(guest, gdb.Modules)
                .Json("bt", "--cpus")
                .GetProperty("vcpus")
                .GetRawText();
            string core = guest.PathOf("core");
            qmp.Execute("dump-guest-memory", new { paging = false, protocol = $"file:{core}" });
            string dumped = new OsvCommandLine($"core:{core}", gdb.Modules)
                .Json("bt", "--cpus")
                .GetProperty("vcpus")
                .GetRawText();
            File.Delete(core);
            Assert.Equal("paused", qmp.Execute("query-status").GetProperty("status").GetString());
            Assert.Equal((moment, live), (moment, stub));
            Assert.Equal((moment, live), (moment, dumped));

            JsonElement[] found = [.. JsonDocument.Parse(live).RootElement.EnumerateArray()];
            Assert.Equal((cpus, cpus), (found.Length, gdb.Stacks.Count));
            for (int cpu = 0; cpu < cpus; cpu++)
            {
                (int compared, bool isWhole, string? difference) = Compare(gdb.Stacks[cpu], found[cpu]);
                rows += compared;
                stacks++;
                whole += isWhole ? 1 : 0;
                differences.Append(difference is null ? "" : $"moment {moment}, vCPU {cpu}: {difference}\n");
            }

            qmp.Execute("cont");
            asked.Wait();
        }

        output.WriteLine($"{stacks} stacks, {whole} to their ends, {rows} rows");
        Assert.True(differences.Length == 0, differences.ToString());
        Assert.InRange(whole, stacks / 2, stacks);
    }

    // A vCPU that waits in the firmware has a segment base, which only live memory comes with: the stub and QEMU's core
    // files lead to a note that live has not.
    private static void WaitForVcpus(QmpClient qmp, int cpus)
    {
        var clock = Stopwatch.StartNew();
        while (
            qmp.Execute(
                    "human-monitor-command",
                    new Dictionary<string, object> { ["command-line"] = "info registers -a" }
                )
                .GetString()!
                .Split("CS64")
                .Length - 1
            < cpus
        )
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "a vCPU never left the firmware");
            Thread.Sleep(10);
        }
    }

    private static (int Rows, bool IsWhole, string? Difference) Compare(List<OsvFrame> expected, JsonElement stack)
    {
        JsonElement[] rows =
        [
            .. stack.GetProperty("frames").EnumerateArray().Where(row => !IsMissedByGdb(row, expected)),
        ];
        OsvFrame[] found =
        [
            .. rows.Select(row => new OsvFrame(
                ReadAddress(row),
                row.GetProperty("inlined").GetBoolean(),
                row.GetProperty("function").GetString() ?? ""
            )),
        ];
        for (int i = 0; i < found.Length; i++)
        {
            if (rows[i].GetProperty("foundBy").GetString() == nameof(FrameOrigin.InterruptFrame))
            {
                bool reachesEnd = stack.GetProperty("complete").GetBoolean() || IsUnknown(rows[^1]);
                return (
                    i,
                    false,
                    reachesEnd ? null : $"{stack.GetProperty("end")} {stack.GetProperty("notes")}\n{Describe(found)}"
                );
            }

            bool isUnknown = IsUnknown(rows[i]) || (i < expected.Count && expected[i].Name.Length == 0);
            bool isEqual =
                i < expected.Count
                && expected[i].Address == found[i].Address
                && (
                    isUnknown
                    || (expected[i].IsInlined == found[i].IsInlined && HasName(found[i], i > 0, expected[i].ShortName))
                );
            if (!isEqual)
                return (
                    i,
                    false,
                    $"row {i}\n  gdb:\n{Describe(expected)}  ours: {stack.GetProperty("end")} "
                        + $"{stack.GetProperty("notes")}\n{Describe(found)}"
                );
            if (isUnknown)
                return (i + 1, false, null);
        }

        if (
            found.Length < expected.Count
            && stack.GetProperty("end").GetString() == $"return address 0x{found[^1].Address:x} is not in code"
        )
            return (found.Length, false, null);

        return found.Length == expected.Count
            ? (found.Length, true, null)
            : (
                found.Length,
                false,
                $"{found.Length} rows, {stack.GetProperty("end")} "
                    + $"{stack.GetProperty("notes")}\n  gdb:\n{Describe(expected)}"
            );
    }

    // Compilers give several functions with the same code one address, and each tool one of their names.
    private static bool HasName(OsvFrame frame, bool isReturnAddress, string name)
    {
        if (frame.ShortName == name || frame.IsInlined)
            return frame.ShortName == name;

        ulong address = frame.Address - (isReturnAddress ? 1u : 0u);
        return s_symbols.Value.Any(symbol =>
            address >= symbol.Address
            && address - symbol.Address < symbol.Size
            && new OsvFrame(0, false, ItaniumDemangler.Demangle(symbol.Name)).ShortName == name
        );
    }

    private static (string Name, ulong Address, ulong Size)[] ReadSymbols()
    {
        using ElfImage image = ElfImage.Open(OsvBuild.Loader);
        ElfSymbolTable table = image.ReadSymbols();
        return
        [
            .. Enumerable
                .Range(0, table.Count)
                .Select(i => table[i])
                .Where(symbol => symbol.Type == ElfSymbolType.Function)
                .Select(symbol => (table.GetName(symbol.NameOffset), symbol.LinkAddress, symbol.Size)),
        ];
    }

    // gdb refuses tail calls by functions whose cold part lies at a lower address ("failed to find function name") and
    // by C++ functions of C linkage, which it looks for by their name with parameters ("Cannot find function").
    private static bool IsMissedByGdb(JsonElement row, List<OsvFrame> expected)
    {
        ulong address = ReadAddress(row);
        return row.GetProperty("foundBy").GetString() == nameof(FrameOrigin.TailCall)
            && expected.All(frame => frame.Address != address)
            && s_symbols.Value.Any(symbol =>
                address - 1 >= symbol.Address
                && address - 1 - symbol.Address < symbol.Size
                && (
                    !symbol.Name.StartsWith("_Z", StringComparison.Ordinal)
                    || s_symbols.Value.Any(cold => cold.Name == symbol.Name + ".cold" && cold.Address < symbol.Address)
                )
            );
    }

    private static ulong ReadAddress(JsonElement row) =>
        ulong.Parse(
            row.GetProperty("address").GetString().AsSpan(2),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture
        );

    private static bool IsUnknown(JsonElement row) => row.GetProperty("module").ValueKind == JsonValueKind.Null;

    private static string Describe(IEnumerable<OsvFrame> frames) =>
        string.Concat(
            frames
                .Take(100)
                .Select(frame =>
                    $"    0x{frame.Address:x} {frame.ShortName}{(frame.IsInlined ? " (inlined)" : "")}: {frame.Name}\n"
                )
        );
}
