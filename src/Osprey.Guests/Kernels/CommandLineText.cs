using System.Text;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Kernels;

/// <summary>A kernel's command line, as text that ends with a zero byte.</summary>
internal static class CommandLineText
{
    private const int MaxSize = 64 << 10;
    private const int ChunkSize = 256;

    /// <summary>Reads it.</summary>
    /// <param name="memory">The kernel's memory.</param>
    /// <param name="start">Where the text begins.</param>
    /// <param name="variable">The kernel's variable that points to it, for messages.</param>
    /// <exception cref="TargetException">It can't be read, or does not end.</exception>
    public static string Read(IMemoryReader memory, ulong start, string variable)
    {
        var bytes = new List<byte>();
        byte[] chunk = new byte[ChunkSize];
        while (bytes.Count < MaxSize)
        {
            int count = memory.Read(unchecked(start + (ulong)bytes.Count), chunk);
            int end = chunk.AsSpan(0, count).IndexOf((byte)0);
            bytes.AddRange(chunk.AsSpan(0, end < 0 ? count : end));
            if (end >= 0)
                return Encoding.UTF8.GetString([.. bytes]);

            if (count < ChunkSize)
                throw NotRead(variable);
        }

        throw new TargetException(
            TargetProblem.NotUnderstood,
            $"the kernel's command line is not understood: it does not end within {MaxSize} bytes"
        );
    }

    /// <summary>The error that it can't be read.</summary>
    public static TargetException NotRead(string variable) =>
        new(TargetProblem.NotUnderstood, $"the kernel's command line ({variable}) can't be read");
}
