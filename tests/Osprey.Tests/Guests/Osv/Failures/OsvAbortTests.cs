using Osprey.Guests;
using Osprey.Guests.Failures;
using Osprey.Guests.Logs;
using Osprey.Guests.Osv.Failures;
using Osprey.Guests.Osv.Logs;
using Osprey.Target;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Osv.Threads;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Tests.Values;

namespace Osprey.Tests.Guests.Osv.Failures;

/// <summary>The end and the messages of an OSv kernel, of a program that has the same variables.</summary>
public sealed class OsvAbortTests
{
    [ToolTheory("g++", "clang++", "gdb")]
    [InlineData("g++")]
    [InlineData("clang++")]
    [Trait("Category", "Slow")]
    public void MessageAndLog_AreTheProgramsTruth(string compiler)
    {
        using var like = new OsvLikeKernel(compiler, "-O1 -g -std=c++17", "osvabort.cc");

        Assert.Equal(new GuestFailure("assertion failed: 3 > 4"), OsvAbort.Read(like.Kernel));
        GuestLog log = OsvLog.Read(like.Kernel);
        Assert.True(log.IsCut);
        Assert.Equal(["others", "a line that lost its start", "an escape \u001b[2J", "the last line"], log.Lines);
    }

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void Variables_WithAbsurdValues_AreNoGuesses()
    {
        using var like = new OsvLikeKernel("g++", "-O1 -g -std=c++17", "osvabort.cc");
        var memory = new OverlaidMemory(like.Memory);
        memory.Set(like.Addresses["index"], 0x7fff_ffff);
        Assert.Equal(
            TargetProblem.NotUnderstood,
            Assert.Throws<TargetException>(() => OsvLog.Read(like.Over(memory))).Problem
        );

        memory = new OverlaidMemory(like.Memory);
        memory.Hide(like.Addresses["aborting"], 8);
        Assert.Equal(
            TargetProblem.NotUnderstood,
            Assert.Throws<TargetException>(() => OsvAbort.Read(like.Over(memory))).Problem
        );

        memory = new OverlaidMemory(like.Memory);
        memory.Hide(like.Addresses["message"], 8);
        Assert.Equal(new GuestFailure(Message: null), OsvAbort.Read(like.Over(memory)));

        memory = new OverlaidMemory(like.Memory);
        memory.Set(like.Addresses["aborting"], 0);
        Assert.Null(OsvAbort.Read(like.Over(memory)));
    }

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void DamagedMemory_EndsInOurErrorsOnly()
    {
        using var like = new OsvLikeKernel("g++", "-O1 -g -std=c++17", "osvabort.cc");
        var damage = new MemoryDamage(like.Memory, [.. like.Addresses.Values]);
        int rounds = MemoryDamage.Rounds(1000),
            said = 0;
        for (int round = 0; round < rounds; round++)
        {
            OverlaidMemory memory = damage.Next();
            GuestKernel kernel = like.Over(memory);
            foreach (Action read in (Action[])[() => OsvAbort.Read(kernel), () => OsvLog.Read(kernel)])
            {
                try
                {
                    read();
                }
                catch (TargetException)
                {
                    said++;
                }
            }

            Assert.True(memory.Reads < 100_000, $"round {round}: {memory.Reads} reads");
        }

        Assert.InRange(said, rounds / 50, 2 * rounds);
    }

    [Theory]
    [InlineData(GuestCpuActivity.Fails, "processor::cli_hlt() i", "osv::halt()", "abort(char const*, ...)", "main")]
    [InlineData(GuestCpuActivity.Fails, "console::write(char)", "debug_early", "abort(char const*, ...)", "main")]
    [InlineData(GuestCpuActivity.FailsToo, "abort(char const*, ...)", "main")]
    [InlineData(GuestCpuActivity.FailsToo, "atomic::exchange() i", "abort(char const*, ...)", "main")]
    [InlineData(GuestCpuActivity.IsStopped, "processor::cli_hlt() i", "nmi", "ex_nmi", "sched::cpu::do_idle()")]
    [InlineData(GuestCpuActivity.IsStopped, "nmi", "ex_nmi", "abort(char const*, ...)")]
    [InlineData(GuestCpuActivity.Halts, "osv::halt()", "main")]
    [InlineData(GuestCpuActivity.Idles, "sched::cpu::do_idle()", "sched::cpu::idle()")]
    [InlineData(GuestCpuActivity.Runs, "memcpy", "main")]
    [InlineData(GuestCpuActivity.Runs)]
    public void Activity_IsToldByTheStack(GuestCpuActivity expected, params string[] functions)
    {
        BacktraceRow[] rows =
        [
            .. functions.Select(name =>
                Row(name.EndsWith(" i", StringComparison.Ordinal) ? name[..^2] : name, name.EndsWith(" i"))
            ),
        ];
        Assert.Equal(expected, OsvAbort.FindActivity(rows));
    }

    private static BacktraceRow Row(string function, bool isInlined) =>
        new(0, 0, 0, 0x1000, function, isInlined, null, null, null, 0, default);
}
