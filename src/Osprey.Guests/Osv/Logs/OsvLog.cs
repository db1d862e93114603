using System.Text;
using Osprey.Guests.Logs;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Osv.Logs;

// OSv (core/debug.cc) writes what debug() is given into the array debug_buffer, whether or not it goes to the console
// as well (--verbose). debug_buffer_idx is where the next byte goes; debug_buffer_full says that the end was reached,
// so that what lies behind the index is older than what lies before it. printf() of applications, and the last words
// of abort(), go to the console alone.

/// <summary>The messages of an OSv kernel.</summary>
internal static class OsvLog
{
    private const int MaxSize = 4 << 20;
    private const string Scope =
        "OSv keeps what its kernel says by debug(); what applications print and abort() says is not kept";

    /// <summary>Reads them.</summary>
    /// <exception cref="TargetException">The kernel is not known or has no such buffer.</exception>
    public static GuestLog Read(GuestKernel kernel)
    {
        Value buffer = kernel.GetVariable("debug_buffer");
        Value index = kernel.GetVariable("debug_buffer_idx");
        if (buffer.Size is not { } size || size is 0 or > MaxSize || !index.TryGetUInt64(out ulong next) || next > size)
            throw new TargetException(TargetProblem.NotUnderstood, "the kernel's buffer of messages is not understood");

        bool isFull =
            kernel.FindVariable("debug_buffer_full") is { } full && full.TryGetUInt64(out ulong flag) && flag != 0;
        byte[] bytes = new byte[size];
        if (buffer.ReadBytes(bytes) is { } problem)
            throw new TargetException(
                TargetProblem.NotUnderstood,
                $"the kernel's buffer of messages can't be read: {problem.Message}"
            );

        byte[] text = isFull ? [.. bytes[(int)next..], .. bytes[..(int)next]] : bytes[..(int)next];
        string[] lines = Encoding.UTF8.GetString(text).Split('\n');
        return new GuestLog(
            [.. (lines[^1].Length == 0 ? lines[..^1] : lines).Select(line => line.TrimEnd('\r').Trim('\0'))],
            isFull,
            Scope
        );
    }
}
