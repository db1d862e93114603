using System.Text;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Kernels;

/// <summary>The command line of a Linux kernel, as <c>/proc/cmdline</c> has it: <c>saved_command_line</c>.</summary>
internal static class KernelCommandLine
{
    private const int MaxSize = 64 << 10;
    private const int ChunkSize = 256;

    /// <summary>Reads it. No types are needed.</summary>
    /// <exception cref="TargetException">The kernel's symbols are not known, or it can't be read.</exception>
    public static string Read(GuestKernel kernel)
    {
        IMemoryReader memory = kernel.Values.Memory;
        ulong variable = LinuxVariables.GetAddress(kernel, "saved_command_line");
        if (!memory.TryReadUInt64(variable, out ulong start))
            throw NotRead();

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
                throw NotRead();
        }

        throw new TargetException(
            TargetProblem.NotUnderstood,
            $"the kernel's command line is not understood: it does not end within {MaxSize} bytes"
        );
    }

    private static TargetException NotRead() =>
        new(TargetProblem.NotUnderstood, "the kernel's command line (saved_command_line) can't be read");
}
