using System.Buffers.Binary;
using Osprey.Guests.Threads;
using Osprey.Target.Architectures;
using Osprey.Target.Unwinding;

namespace Osprey.Guests.Osv.Threads;

/// <summary>The addresses that the lock of a waiting thread may have, by what is near its frames.</summary>
internal static class OsvWaitPlaces
{
    private const ulong MaxStack = 1 << 14;

    /// <summary>
    /// The values of registers in the frames of the lock and its caller, and the words of the stack as far as those.
    /// </summary>
    public static IEnumerable<ulong> List(GuestKernel kernel, GuestThreadState thread, Backtrace stack, int frame)
    {
        for (int i = frame; i < stack.Frames.Count && i <= frame + 1; i++)
        {
            RegisterSet registers = stack.Frames[i].Registers;
            foreach (Register register in registers.Architecture.Registers)
            {
                if (registers.TryGet(register, out ulong value) && IsPointer(value))
                    yield return value;
            }
        }

        if (thread.Saved?.StackPointer is not { } start)
            yield break;

        StackFrame last = stack.Frames[Math.Min(frame + 1, stack.Frames.Count - 1)];
        ulong end = last.CanonicalFrameAddress ?? start;
        ulong size = end > start ? Math.Min(end - start, MaxStack) : 0;
        byte[] words = new byte[size & ~7UL];
        int read = kernel.Values.Memory.Read(start, words) & ~7;
        for (int i = 0; i < read; i += 8)
        {
            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(words.AsSpan(i));
            if (IsPointer(value))
                yield return value;
        }
    }

    private static bool IsPointer(ulong value) => value >= 0x1000 && (value & 7) == 0;
}
