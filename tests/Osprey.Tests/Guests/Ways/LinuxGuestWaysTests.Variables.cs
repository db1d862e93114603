using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Report;
using Osprey.Values.Expressions;
using Osprey.Values.Frames;

namespace Osprey.Tests.Guests.Ways;

/// <content>
/// Parameters and local variables. Both workers have the same stack at the same addresses, in page tables of their own.
/// </content>
public abstract partial class LinuxGuestWaysTests
{
    [LinuxGuestFact]
    public void Variables_OfAllVcpusAtOnce_AreThoseOfEachWorker() =>
        Assert.All(
            WalkableWays,
            way =>
                WithStacks(
                    way,
                    (reader, worker, stack) =>
                    {
                        StackScopes scopes = reader.GetScopes(stack);
                        for (int i = 0; i < worker.Frames.Count; i++)
                        {
                            GuestFrame expected = worker.Frames[i];
                            FrameScope scope = scopes.FindFunction(i, 0)!;
                            string where = $"{way}, vCPU {worker.Cpu}, {expected.Function}";
                            Assert.Equal((where, expected.Function), (where, scope.FunctionName));

                            // In the loop itself, which is one statement of assembly, debug info does not say which
                            // registers changed.
                            if (expected.Local is not { } local)
                                continue;

                            byte[] found = new byte[local.Bytes.Length];
                            Assert.Equal((where, local.Address), (where, scope.FindVariable("here")!.Address));
                            Assert.Null(scope.FindVariable("here")!.ReadBytes(found));
                            Assert.Equal(
                                (where, Convert.ToHexString(local.Bytes)),
                                (where, Convert.ToHexString(found))
                            );
                            Assert.True(scope.FindVariable("magic")!.TryGetUInt64(out ulong magic), where);
                            Assert.Equal((where, expected.Magic), (where, magic));

                            // A parameter that nothing holds any more: what the caller says that it passed, which is
                            // where its own variable is.
                            ulong? outer = i + 1 < worker.Frames.Count ? worker.Frames[i + 1].Local!.Address : 0;
                            Assert.Equal((where, outer), (where, scope.FindVariable("outer")!.AsPointer()));
                        }

                        Assert.Equal(worker.StackPointer, scopes.FindFunction(0, 0)!.FindRegister("rsp")!.AsPointer());
                    }
                )
        );

    [LinuxGuestFact]
    public void ThreadLocals_OfEachVcpu_AreThoseOfItsThread() =>
        Assert.All(
            WalkableWays,
            way =>
                WithStacks(
                    way,
                    (reader, worker, stack) =>
                    {
                        CpuFrame frame = reader.GetFrame(stack, 2);

                        Assert.Equal(worker.ThreadLocalAddress, frame.Evaluate("&thread_value").AsPointer());
                        Assert.True(frame.Evaluate("thread_value").TryGetUInt64(out ulong value));
                        Assert.Equal(worker.ThreadLocalValue, value);
                        Assert.Equal(worker.Frames[2].Local!.Address, frame.Evaluate("&here").AsPointer());
                        Assert.Contains(
                            "nowhere",
                            Assert.Throws<ExpressionException>(() => frame.Evaluate("nowhere")).Message,
                            StringComparison.Ordinal
                        );
                    }
                )
        );

    /// <summary>
    /// The stacks of all vCPUs, read at once at a moment when all of them are in their loops, by a session in the
    /// address space of the first.
    /// </summary>
    private void WithStacks(WayToAGuest way, Action<GuestStacks, GuestWorker, CpuStack> check)
    {
        for (int i = 0; i < Attempts; i++)
        {
            // What is paused by being looked at is looked at again.
            using GuestSession session = Open(way, Report.Workers[0]);
            var reader = new GuestStacks(session);
            IReadOnlyList<CpuStack> stacks = reader.Read(
                [.. Report.Workers.Select(worker => worker.Cpu)],
                UnwinderOptions.Default,
                pauses: true
            );
            if (stacks.All(stack => Report.IsInLoop(stack.Registers)))
            {
                Assert.All(Report.Workers.Zip(stacks), pair => check(reader, pair.First, pair.Second));
                return;
            }

            Thread.Sleep(3);
        }

        throw new InvalidOperationException($"{way}: the vCPUs are never in their loops together");
    }
}
