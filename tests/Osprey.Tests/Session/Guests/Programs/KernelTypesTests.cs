using Osprey.Session.Answers.Guests;
using Osprey.Session.Guests;
using Osprey.Target.Architectures;
using Osprey.Tests.Builders.Guests;
using Osprey.Values.Printing;

namespace Osprey.Tests.Session.Guests.Programs;

public class KernelTypesTests
{
    [Fact]
    public void Types_OfAKernelWithoutAFile_AreSearchedForOnceAndOnlyWhenAskedFor()
    {
        var system = new DescribedGuest(hasTypes: true);
        using GuestSession session = Open(system);

        Assert.Empty(session.Programs.Notes);
        Assert.Equal("15", Print(session, "3 * 5"));
        Assert.Equal(0, system.Searches);

        Assert.Equal("SLEEPING", Print(session, "SLEEPING"));
        Assert.Equal("104", Print(session, "sizeof(struct task_struct)"));
        Assert.Equal(12, TypeAnswer.Ask(session.Programs.Types, "task_struct", 0)!.Layout.MemberCount);
        Assert.Equal(1, system.Searches);
        Assert.Equal(
            [
                "types are those that the kernel has in memory (BTF, 4023 KiB at 0x12345000): its debug info is not "
                    + "here",
            ],
            session.Programs.Notes
        );
    }

    [Fact]
    public void Types_OfAKernelThatHasNone_AreNoneAndNothingIsNoted()
    {
        using GuestSession session = Open(new DescribedGuest(hasTypes: false));

        Assert.Empty(session.Programs.Types);
        Assert.Null(TypeAnswer.Ask(session.Programs.Types, "task_struct", 0));
        Assert.Null(session.Vcpu.Values.FindType("task_struct"));
        Assert.Empty(session.Programs.Notes);
    }

    private static GuestSession Open(DescribedGuest system) =>
        GuestSession.Over(
            new FakeTarget(new PageTableBuilder().BuildMemory(), (RegisterSet?)null),
            new GuestSettings { Systems = [_ => system] }
        );

    private static string Print(GuestSession session, string expression) =>
        ValueText.Format(session.Vcpu.Evaluate(expression));
}
