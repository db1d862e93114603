using Osprey.Guests.Programs;
using Osprey.Session.Answers.Guests;
using Osprey.Session.Guests;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Layout;
using Osprey.Target.Memory;
using Osprey.Values.Printing;

namespace Osprey.Tests.Guests.Ways;

/// <content>The types that the kernel describes itself in memory; no file of it is here.</content>
public abstract partial class LinuxGuestWaysTests
{
    [LinuxGuestFact]
    public void Types_OfTheKernel_AreInMemoryByteForByte() =>
        Assert.All(
            WalkableWays,
            way =>
            {
                using GuestSession session = Open(way, 0);
                var os = Assert.IsType<IGuestTypes>(session.Os, exactMatch: false);
                GuestKernelTypes types = os.FindTypes(_ => null)!;
                byte[] bytes = new byte[types.Size];
                AddressSpace kernel = session.Os.GetKernelSpace(session.Selected.Space);

                Assert.Equal(Report.TypesSize, types.Size);
                Assert.Equal(bytes.Length, kernel.Memory.Read(types.Address, bytes));
                Assert.Equal(
                    Report.TypesHash,
                    bytes.Aggregate(0xcbf2_9ce4_8422_2325, (hash, item) => unchecked((hash ^ item) * 0x100_0000_01b3))
                );
            }
        );

    [LinuxGuestFact]
    public void Types_OfTheKernel_AreShownByEachWay()
    {
        string? shown = null;
        foreach (WayToAGuest way in WalkableWays)
        {
            using GuestSession session = Open(way, 0);
            session.ListThreads(); // our own walks are not worth the note
            Assert.DoesNotContain(session.Notes, note => note.StartsWith("types", StringComparison.Ordinal));
            TypeAnswer answer = TypeAnswer.Ask(session.Programs.Types, "task_struct", 1)!;
            var type = Assert.IsType<CompoundType>(answer.Type);
            Assert.Contains(type.Members, member => member.Name == "comm");
            Assert.Matches(
                "^types are those that the kernel has in memory \\(BTF, [0-9]+ KiB at 0xffffffff[0-9a-f]{8}\\): "
                    + "its debug info is not here$",
                Assert.Single(session.Notes, note => note.StartsWith("types", StringComparison.Ordinal))
            );
            string text = LayoutText.Format(answer.Layout);
            Assert.Equal(shown ?? text, text);
            shown = text;
        }
    }

    [LinuxGuestFact]
    public void Types_OfTheKernel_AreGivenToExpressions() =>
        Assert.All(
            WalkableWays,
            way =>
            {
                using GuestSession session = Open(way, 0);
                ulong task = Report.FindSymbol("init_task").Address;

                Assert.Equal(
                    $"\"swapper/0{string.Concat(Enumerable.Repeat("\\000", 6))}\"",
                    Print(session, $"((struct task_struct *)0x{task:x})->comm")
                );
                Assert.Equal("0", Print(session, $"(*(struct task_struct *)0x{task:x}).pid"));
                Assert.Equal(
                    task,
                    session.Vcpu.Evaluate($"((struct task_struct *)0x{task:x})->group_leader").AsPointer()
                );
                Assert.Equal("PIDTYPE_TGID", Print(session, "PIDTYPE_TGID"));
                Assert.Equal("1", Print(session, "sizeof(struct list_head) == 16"));
            }
        );

    private static string Print(GuestSession session, string expression) =>
        ValueText.Format(session.Vcpu.Evaluate(expression));
}
