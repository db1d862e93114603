using Osprey.Cli.Commands.Guest.Memory;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Guests.Memory;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Addresses;
using Osprey.Session.Answers.Guests.Allocations;
using Osprey.Session.Answers.Guests.Heap;
using Osprey.Session.Answers.Guests.Mappings;
using Osprey.Symbols;
using Osprey.Target.Architectures.X64;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Guest;

/// <summary>A guest's memory as text, JSON and CSV, and on a kernel that has none of it.</summary>
public sealed class MemoryListingTests
{
    private static readonly MappingRow[] s_mappings =
    [
        new(
            new GuestMapping(0x1000, 0x3000, 0x600000000010, PagePermissions.Read | PagePermissions.Execute)
            {
                Flags = ["fixed", "file"],
                FlagLetters = "fF",
                Path = "/usr/lib/lib\u001bfirst.so",
                Offset = 0x2000,
            },
            4096
        ),
        new(new GuestMapping(0x4000, 0x5000, 0x600000000020, PagePermissions.None), null),
    ];

    private static readonly GuestFreeRange[] s_free =
    [
        new(0x400000020000, 0x5000, 0x20000, 2),
        new(0x400000014000, 0x1000, 0x14000, 0),
        new(0x400000010000, 0x1000, null, 0),
    ];

    private static readonly GuestPlace[] s_places =
    [
        new(GuestPlaceKind.Thread, "thread 7 (worker), _arch", 0x6000, 0x3000),
        new(GuestPlaceKind.HeapArea, "heap area 'main'"),
    ];

    [Fact]
    public void Memory_InEachForm() =>
        GoldenFile.Verify(
            Write(
                MemoryUseRow.Shape,
                [new("total", 1UL << 30, 100, "memory that the machine has"), new("free", 12345, null, "free")]
            )
                + Write(FreeRangesAnswer.Shape, s_free)
                + new FreeRangesAnswer(s_free, []).Summary
                + "\n"
                + Write(MappingRow.Shape, s_mappings)
                + Write(AddressMappingRow.Shape, [new(0x1008, s_mappings[0])])
                + Write(LinearMapShape.Shape, [new(0x40200000, 0x200000, 4096, "kernel", "normal")])
                + Write(PlaceShape.Shape, s_places)
                + Write(
                    ReferenceRow.Shape,
                    [new(0x6010, 0x10, 0x7000, s_places), new(null, 0x20, 0x7001, [new(GuestPlaceKind.Free, "free")])]
                )
        );

    [Fact]
    public void Allocations_AsTextAndJson()
    {
        var list = new GuestAllocationList(
            [new(0x1000, 16, 3, 0)],
            [
                [0x40001000],
            ],
            5333,
            true,
            ["torn"]
        );
        var answer = new AllocationsAnswer(
            list,
            2,
            [
                new AllocationChain(
                    default(NumberRange).With(4096).With(4096),
                    default(NumberRange).With(3).With(8),
                    [
                        new SymbolFrame(0x40001000, "allocate(int)", "core/pool.cc", 12, true),
                        new SymbolFrame(0x40001000, "main"),
                        new SymbolFrame(0x40002000, null),
                    ]
                ),
                new AllocationChain(default(NumberRange).With(16), default(NumberRange).With(9), []),
            ]
        );
        using var capture = new OutputCapture();
        using (var output = new Output(paged: false))
        {
            AllocationsText.Write(answer, output);
            JsonAnswers.Write(output, AllocationsAnswer.Shape, answer);
            output.Flush();
        }

        GoldenFile.Verify(System.Text.Encoding.UTF8.GetString(capture.Data.ToArray()));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("heap")]
    [InlineData("mmap")]
    [InlineData("vma", "0x1000")]
    [InlineData("linear-mmap")]
    [InlineData("leak", "show")]
    public void KernelWithoutTheThing_IsAnAnswer(params string[] command)
    {
        using var guest = new SmallGuest();
        CommandRun run = CommandRun.Of(guest.Arguments(command));
        Assert.Equal((0, ""), (run.ExitCode, run.Text));
        Assert.Contains("osprey: not configured in this kernel: ", run.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public void CoreFile_IsNotWritten(string state)
    {
        using var guest = new SmallGuest();
        CommandRun run = CommandRun.Of(guest.Arguments("leak", state, "--write"));
        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        Assert.Contains(
            "its memory can't be written: this way to a guest does not have that",
            run.Messages,
            StringComparison.Ordinal
        );
        Assert.Equal(guest.Core, File.ReadAllBytes(guest.CorePath));
    }

    [Fact]
    public void Addresses_OnASmallGuest_AreToldAsFarAsTheyGo()
    {
        using var guest = new SmallGuest();
        CommandRun what = CommandRun.Of(guest.Arguments("whatis", "0x40200000"));
        Assert.Equal(0, what.ExitCode);
        Assert.Contains("physical 0x200000 by page tables", what.Text, StringComparison.Ordinal);
        CommandRun refs = CommandRun.Of(guest.Arguments("refs", "0x40200000", "--size", "0x10000", "--json"));
        Assert.Equal(0, refs.ExitCode);
        Assert.Contains("\"references\"", refs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("print", "1")]
    [InlineData("threads")]
    [InlineData("bt")]
    [InlineData("registers")]
    public void Cpu_ThatIsNot_IsAllThatIsSaid(params string[] command)
    {
        using var guest = new SmallGuest();
        CommandRun run = CommandRun.Of([.. guest.Arguments(command), "--cpu", "99"]);
        Assert.Equal(
            (1, "", $"osprey: core {guest.CorePath} has 2 CPUs; there is no CPU 99\n"),
            (run.ExitCode, run.Text, run.Messages)
        );
    }

    [Fact]
    public void Program_ThatIsAFolder_IsSaidToBeOne()
    {
        using var guest = new SmallGuest();
        string folder = Path.GetDirectoryName(guest.CorePath)!;
        CommandRun run = CommandRun.Of("symbol", "main", "--target", $"core:{guest.CorePath}", "--exe", folder);
        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        Assert.EndsWith($"osprey: {folder}: it is a folder, not a file\n", run.Messages, StringComparison.Ordinal);
    }

    private static string Write<TRow>(Shape<TRow> shape, IEnumerable<TRow> rows)
    {
        using var capture = new OutputCapture();
        foreach (AnswerFormat format in Enum.GetValues<AnswerFormat>())
        {
            using var output = new Output(paged: false);
            ListingWriter.Write(output, format, shape, rows, () => ["the list changed"]);
            output.Flush();
        }

        return System.Text.Encoding.UTF8.GetString(capture.Data.ToArray());
    }
}
