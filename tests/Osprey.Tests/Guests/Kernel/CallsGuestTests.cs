using System.Text;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Target.Unwinding;
using Osprey.Tests.Values;
using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests.Kernel;

/// <summary>A Linux kernel at work, stopped by gdb, which says what is right.</summary>
[Collection(CallsGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class CallsGuestTests(CallsGuest guest, ITestOutputHelper output)
{
    private static readonly ValueTextOptions s_raw = new() { Raw = true };

    /// <summary>
    /// Where the guest is stopped: in system calls, a fault, interrupts, the scheduler; null is wherever it is after a
    /// while, mostly idle.
    /// </summary>
    private static readonly string?[] s_moments =
    [
        null,
        "vfs_read",
        "pipe_write",
        "filldir64",
        "unix_stream_sendmsg",
        "handle_mm_fault",
        "do_exit",
        "copy_process",
        "do_nanosleep",
        "hrtimer_interrupt",
        "try_to_wake_up",
        "schedule_idle",
        "meminfo_proc_show",
        "dput",
        null,
        "finish_task_switch",
        "wake_up_new_task",
        "link_path_walk",
        "kmem_cache_alloc",
        null,
    ];

    [VmlinuxGuestFact]
    public void Expressions_InAStoppedKernel_PrintAsGdb()
    {
        guest.Gdb.RunTo("vfs_read");
        string[] expressions =
        [
            .. File.ReadLines(Path.Combine(KernelGdb.Programs, "kernel.expressions"))
                .Where(line => line.Length > 0 && line[0] != '#'),
        ];
        IReadOnlyList<string> printed = guest.Gdb.Print(expressions);
        GuestSession session = guest.Session;
        var differences = new StringBuilder();
        int count = 0;
        int errors = 0;
        for (int i = 0; i < expressions.Length; i++)
        {
            string ours = Print(session, expressions[i]);
            errors += printed[i].StartsWith("error", StringComparison.Ordinal) ? 1 : 0;
            if (GdbText.IsSame(ours, printed[i]))
                continue;

            count++;
            differences.Append($"{expressions[i]}\n  gdb:  {printed[i]}\n  ours: {ours}\n");
        }

        output.WriteLine($"{expressions.Length} expressions, of which gdb refuses {errors}; {count} differ");
        Assert.True(differences.Length == 0, $"{count} of {expressions.Length} differ\n{differences}");
        Assert.True(expressions.Length - errors > 300);
    }

    [VmlinuxGuestFact]
    public void Stacks_AtManyMoments_HaveTheFramesOfGdb()
    {
        var comparison = new StackComparison();
        foreach (string? function in s_moments)
        {
            int stopped = function is null ? guest.Gdb.RunFor(TimeSpan.FromSeconds(0.3)) : guest.Gdb.RunTo(function);
            IReadOnlyDictionary<int, IReadOnlyList<KernelFrame>> expected = guest.Gdb.ReadStacks();
            var reader = new GuestStacks(guest.Session);
            foreach (CpuStack stack in reader.Read([0, 1], UnwinderOptions.Default, pauses: true))
                comparison.Compare(
                    $"{function ?? "anywhere"}, vCPU {stack.Cpu}",
                    expected[stack.Cpu!.Value],
                    stack,
                    reader,
                    guest.Session,
                    stack.Cpu == stopped
                );
        }

        output.WriteLine(comparison.ToString());
        foreach (string variable in comparison.OnlyOfGdb)
            output.WriteLine("only of gdb: " + variable);

        Assert.True(comparison.Differences.Count == 0, string.Join('\n', comparison.Differences.Take(30)));
        Assert.True(
            comparison.Frames > 200
                && comparison.InlinedFrames > 50
                && comparison.IdleStacks > 3
                && comparison.CallStacks > 5,
            comparison.ToString()
        );
        Assert.True(comparison.Variables > 100, comparison.ToString());
    }

    private static string Print(GuestSession session, string expression)
    {
        try
        {
            Value value = session.Selected.Evaluate(expression);
            return value.Problem is { Kind: ValueProblemKind.Unreadable } problem
                ? "error: " + problem.Message
                : ValueText.Format(value, s_raw);
        }
        catch (ExpressionException e)
        {
            return "error: " + e.Message;
        }
    }
}
