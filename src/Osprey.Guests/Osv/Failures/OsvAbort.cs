using System.Text;
using Osprey.Guests.Failures;
using Osprey.Target;
using Osprey.Target.Unwinding;
using Osprey.Values;
using Osprey.Values.Containers;

namespace Osprey.Guests.Osv.Failures;

// abort() of OSv (runtime.cc) sets the variable "aborting", turns interrupts off, formats its message into a static
// array, prints it with a backtrace, and calls halt() or poweroff(). halt() sends all other CPUs a non-maskable
// interrupt, whose handler nmi() never returns, and halts. A CPU that calls abort() when "aborting" is set spins in
// abort() itself. So the CPU that failed is the one that has something called by abort() on its stack.

/// <summary>The end of an OSv kernel, as <c>abort</c> leaves it.</summary>
internal static class OsvAbort
{
    private const string Abort = "abort(char const*, ...)";
    private const string MessageVariable = Abort + "::msg";
    private const int MaxMessage = 1024;

    /// <summary>Functions in which a CPU stands for ever, with the innermost functions inlined in them.</summary>
    private static readonly string[] s_halts = ["osv::halt()", "osv::poweroff()", "osv::hang()"];

    /// <summary>Reads whether the kernel aborted; null when it did not.</summary>
    /// <exception cref="TargetException">The kernel is not known.</exception>
    public static GuestFailure? Read(GuestKernel kernel)
    {
        Value aborting = kernel.GetVariable("aborting");
        Value flag = aborting.AsContainer() is ContainerView.Wrapper { Inner: { } inner } ? inner : aborting;
        if (!flag.TryGetUInt64(out ulong isAborting))
            throw new TargetException(
                TargetProblem.NotUnderstood,
                "the kernel's variable 'aborting' is not understood"
                    + (flag.Problem is { } problem ? $": {problem.Message}" : "")
            );

        return isAborting == 0 ? null : new GuestFailure(ReadMessage(kernel));
    }

    /// <summary>Tells what a CPU does by its stack.</summary>
    public static GuestCpuActivity FindActivity(IReadOnlyList<BacktraceRow> stack)
    {
        for (int i = 0; i < stack.Count; i++)
        {
            switch (stack[i].Function)
            {
                case Abort:
                    return stack.Take(i).Any(row => !row.IsInlined)
                        ? GuestCpuActivity.Fails
                        : GuestCpuActivity.FailsToo;
                case "nmi" or "ex_nmi":
                    return GuestCpuActivity.IsStopped;
                case "sched::cpu::do_idle()" or "sched::cpu::idle()":
                    return GuestCpuActivity.Idles;
                case { } name when s_halts.Contains(name):
                    return stack.Skip(i).Any(row => row.Function == Abort)
                        ? GuestCpuActivity.Fails
                        : GuestCpuActivity.Halts;
                default:
                    break;
            }
        }

        return GuestCpuActivity.Runs;
    }

    private static string? ReadMessage(GuestKernel kernel)
    {
        if (kernel.Symbols.FindSymbol(MessageVariable) is not { } address)
            return null;

        Span<byte> bytes = stackalloc byte[MaxMessage];
        bytes = bytes[..kernel.Values.Memory.Read(address, bytes)];
        int end = bytes.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]).TrimEnd();
        return text.Length == 0 ? null : text;
    }
}
