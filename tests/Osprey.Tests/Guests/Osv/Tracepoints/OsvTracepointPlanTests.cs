using System.Text;
using Osprey.Guests;
using Osprey.Guests.Memory;
using Osprey.Guests.Osv.Tracepoints;
using Osprey.Guests.Tracepoints;
using Osprey.Target;
using Osprey.Tests.Guests.Osv.Threads;
using Osprey.Tests.Packets;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Tests.Values;

namespace Osprey.Tests.Guests.Osv.Tracepoints;

/// <summary>
/// The bytes that enable and disable tracepoints, of a program that has the types of OSv's and places that hit them.
/// </summary>
[Trait("Category", "Slow")]
public sealed class OsvTracepointPlanTests
{
    private const string Options = "-O1 -g -std=c++17 -fno-omit-frame-pointer";

    private static readonly string[] s_names = ["file_open", "file_close", "counted", "hot", "nowhere"];

    [ToolFact("g++", "gdb")]
    public void Plan_ToEnableAndDisable_WritesFlagsAndCodeInASafeOrder()
    {
        using var like = new OsvLikeKernel("g++", Options, "osvpatch.cc");
        var text = new StringBuilder();
        foreach ((bool isOn, bool? backtrace) in new (bool, bool?)[] { (true, null), (true, true), (false, null) })
        {
            GuestTracepointPlan plan = Make(like.Kernel, _ => true, isOn, backtrace);
            text.Append($"{(isOn ? "enable" : "disable")} {backtrace}\n");
            foreach (GuestTracepointChange change in plan.Changes)
                text.Append(
                    $"  {change.Before.Name} {change.Sites}: {State(change.Before)} -> {State(change.After)}\n"
                );

            foreach (GuestMemoryWrite write in plan.Writes)
                text.Append(
                    $"  {write.Owner} {write.Part} {Hex(write.Before)} -> {Hex(write.After)}"
                        + (write.IsCode ? " !\n" : "\n")
                );

            text.Append($"  {plan.Guards.Count} guards\n");
        }

        GoldenFile.Verify(text.ToString());
    }

    [ToolFact("g++", "gdb")]
    public void Plan_ForNothingThatIsLeftToDo_IsEmpty()
    {
        using var like = new OsvLikeKernel("g++", Options, "osvpatch.cc");
        Assert.Empty(Make(like.Kernel, name => name == "hot", true, null).Writes);
        Assert.Empty(Make(like.Kernel, name => name == "file_open", false, null).Writes);
        Assert.Empty(Make(like.Kernel, _ => false, true, null).Changes);
    }

    [ToolFact("g++", "gdb")]
    public void RandomSets_EnabledDisabledAndCutShort_LeaveTheBytesThatWereThere()
    {
        using var like = new OsvLikeKernel("g++", Options, "osvpatch.cc");
        (ulong code, ulong end) = (like.Addresses["code"], like.Addresses["code_end"]);
        var random = new Random(7);
        for (int round = 0; round < 60; round++)
        {
            var memory = new OverlaidMemory(like.Memory);
            GuestKernel kernel = like.Over(memory);
            byte[] before = Read(memory, code, end);
            for (int step = 0; step < 6; step++)
            {
                int chosen = random.Next(32);
                GuestTracepointPlan plan = Make(
                    kernel,
                    name => (chosen & (1 << Array.IndexOf(s_names, name))) != 0,
                    random.Next(2) == 0,
                    random.Next(3) switch
                    {
                        0 => null,
                        var value => value == 1,
                    }
                );
                // Killed in the middle, or not; the same command is given again then, or not.
                int written = random.Next(2) == 0 ? random.Next(plan.Writes.Count + 1) : plan.Writes.Count;
                Apply(memory, plan.Writes.Take(written));
                RequireSafe(kernel);
            }

            Apply(memory, Make(kernel, name => name is not "hot", false, null).Writes);
            Apply(memory, Make(kernel, name => name == "hot", true, null).Writes);
            Assert.Equal(before, Read(memory, code, end));
            Assert.Empty(Make(kernel, name => name is not "hot", false, null).Writes);
        }
    }

    [ToolFact("g++", "gdb")]
    public void Plan_WithoutRings_IsRefusedAndExplained()
    {
        using var like = new OsvLikeKernel("g++", Options + " -DNO_RINGS", "osvpatch.cc");
        TargetException exception = Assert.Throws<TargetException>(() => Make(like.Kernel, _ => true, true, null));
        Assert.Equal(TargetProblem.NotAnswered, exception.Problem);
        Assert.StartsWith(
            "the guest has no trace buffers, and a tracepoint",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.NotEmpty(Make(like.Kernel, name => name == "hot", false, null).Writes);
    }

    [ToolFact("g++", "gdb")]
    public void Plan_OverDamagedMemory_IsRefused()
    {
        using var like = new OsvLikeKernel("g++", Options, "osvpatch.cc");
        Check(
            "holds cc 1f 44 00 00, neither 0f 1f 44 00 00 nor e9 ",
            memory => memory.Set(like.Addresses["code"], [0xcc])
        );
        Check("can't be read", memory => memory.Hide(like.Addresses["code"], 16));
        Check("which is not in the kernel's code", memory => memory.Set(like.Addresses["table"] + 16, 0xdead_0000));
        Check("is not understood", memory => memory.Set(FlagsOf(like, "file_open"), [2]));
        byte[] id = Read(like.Memory, like.Addresses["file_open"], like.Addresses["file_open"] + 16);
        Check("would have the same bytes written", memory => memory.Set(like.Addresses["file_close"], id));
        Check("is not whole", memory => memory.Set(like.Addresses["file_open"] + 40, 0x1234UL)); // the list's next

        void Check(string reason, Action<OverlaidMemory> damage)
        {
            var memory = new OverlaidMemory(like.Memory);
            damage(memory);
            TargetException exception = Assert.Throws<TargetException>(() =>
                Make(like.Over(memory), _ => true, true, null)
            );
            Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        }
    }

    private static ulong FlagsOf(OsvLikeKernel like, string name) =>
        OsvTracepoints
            .ListObjects(like.Kernel, default)
            .Items.First(item => item.Tracepoint.Name == name)
            .Object.Member("_logging")!
            .Address!.Value;

    private static GuestTracepointPlan Make(
        GuestKernel kernel,
        Func<string, bool> isMeant,
        bool isOn,
        bool? backtrace
    ) => OsvTracepointPlan.Make(kernel, new GuestTracepointRequest(isMeant, isOn, backtrace), default);

    private static void Apply(OverlaidMemory memory, IEnumerable<GuestMemoryWrite> writes)
    {
        foreach (GuestMemoryWrite write in writes)
        {
            Assert.Equal(
                write.Before.ToArray(),
                Read(memory, write.Address, write.Address + (ulong)write.Before.Length)
            );
            memory.Set(write.Address, write.After.Span);
        }
    }

    /// <summary>
    /// A tracepoint that is not active has no place that jumps: the kernel's own commands would never turn it back.
    /// </summary>
    private static void RequireSafe(GuestKernel kernel)
    {
        OsvPatchSites sites = OsvPatchSites.Read(kernel);
        foreach (OsvTracepoint found in OsvTracepoints.ListObjects(kernel, default).Items)
        {
            var item = OsvTracepointSwitch.Read(found);
            foreach (OsvPatchSite site in sites.Of(item.Id))
            {
                byte[] bytes = Read(kernel.Values.Memory, site.Address, site.End);
                bool jumps = bytes.AsSpan().SequenceEqual(site.MakeJump());
                Assert.True(jumps || bytes.AsSpan().SequenceEqual(OsvPatchSite.Idle.Span));
                Assert.True(found.Tracepoint.IsActive == true || !jumps, found.Tracepoint.Name);
            }
        }
    }

    private static byte[] Read(Osprey.Target.Memory.IMemoryReader memory, ulong start, ulong end)
    {
        byte[] bytes = new byte[end - start];
        Assert.Equal(bytes.Length, memory.Read(start, bytes));
        return bytes;
    }

    private static string State(GuestTracepoint point) =>
        $"{(point.IsLogging ? "on" : "off")}{(point.IsActive == true ? " active" : "")}"
        + (point.WithBacktrace ? " backtrace" : "");

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);
}
