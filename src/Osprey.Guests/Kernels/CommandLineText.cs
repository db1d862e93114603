using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Kernels;

/// <summary>A kernel's command line, as text that ends with a zero byte.</summary>
internal static class CommandLineText
{
    private const int MaxLength = (64 << 10) - 1;

    /// <summary>Reads it.</summary>
    /// <param name="memory">The kernel's memory.</param>
    /// <param name="start">Where the text begins.</param>
    /// <param name="variable">The kernel's variable that points to it, for messages.</param>
    /// <exception cref="TargetException">It can't be read, or does not end.</exception>
    public static string Read(IMemoryReader memory, ulong start, string variable)
    {
        GuestText text = memory.ReadText(start, MaxLength);
        return text.End switch
        {
            GuestTextEnd.Terminated => text.Text,
            GuestTextEnd.Truncated => throw new TargetException(
                TargetProblem.NotUnderstood,
                $"the kernel's command line is not understood: it does not end within {MaxLength + 1} bytes"
            ),
            _ => throw NotRead(variable),
        };
    }

    /// <summary>The error that it can't be read.</summary>
    public static TargetException NotRead(string variable) =>
        new(TargetProblem.NotUnderstood, $"the kernel's command line ({variable}) can't be read");
}
