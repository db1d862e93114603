using System.Buffers.Binary;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Timers;

/// <summary>Finds the timers in Linux's timer wheels.</summary>
/// <remarks>
/// Each CPU has two or three <c>timer_base</c>s (4.8 and later), which name the CPU, with an array of lists
/// (<c>hlist_head</c>) of timers. A list's node leads to the next one, and back to the pointer that leads to it.
/// </remarks>
internal sealed class LinuxTimerWheel
{
    private const int MaxBases = 3;
    private const int MaxTimers = 1 << 20;
    private const int MaxWheel = 1 << 16;

    private readonly IMemoryReader _memory;
    private readonly LinuxField _entry;
    private readonly LinuxField _vectors;
    private readonly LinuxField _cpu;
    private readonly ulong _size;

    private LinuxTimerWheel(IMemoryReader memory, LinuxField entry, LinuxField vectors, LinuxField cpu, ulong size)
    {
        _memory = memory;
        _entry = entry;
        _vectors = vectors;
        _cpu = cpu;
        _size = size;
    }

    /// <summary>Prepares to look for timers; null when the kernel's types have no such thing.</summary>
    public static LinuxTimerWheel? TryCreate(GuestKernel kernel)
    {
        var wheel = new LinuxStruct(kernel, "struct timer_base");
        return
            new LinuxStruct(kernel, "struct timer_list").Find("entry") is { } entry
            && wheel.Find("vectors") is { Size: <= MaxWheel } vectors
            && wheel.Find("cpu") is { } cpu
            && wheel.Size is { } size
            ? new LinuxTimerWheel(kernel.Values.Memory, entry, vectors, cpu, size)
            : null;
    }

    /// <summary>Lists the addresses of a CPU's timers.</summary>
    /// <param name="bases">The address of the CPU's wheels.</param>
    /// <param name="number">The CPU's number.</param>
    /// <param name="addDefect">Told the reason when a list is torn.</param>
    public IEnumerable<ulong> Enumerate(ulong bases, int number, Action<string> addDefect)
    {
        var seen = new HashSet<ulong>();
        for (int i = 0; i < MaxBases; i++)
        {
            ulong wheel = unchecked(bases + ((ulong)i * _size));
            if (_cpu.Read(_memory, wheel) != (ulong)number)
            {
                // A kernel with two of them has something else there.
                if (i == 0)
                    addDefect($"the timer wheel of CPU {number} can't be read");

                yield break;
            }

            byte[] heads = new byte[_vectors.Size];
            ulong start = unchecked(wheel + (ulong)_vectors.Offset);
            if (!_memory.TryRead(start, heads))
            {
                addDefect($"the timer wheel of CPU {number} can't be read");
                yield break;
            }

            for (int offset = 0; offset + sizeof(ulong) <= heads.Length; offset += sizeof(ulong))
            {
                ulong node = BinaryPrimitives.ReadUInt64LittleEndian(heads.AsSpan(offset));
                ulong from = unchecked(start + (ulong)offset);
                while (node != 0)
                {
                    if (
                        !LinuxStruct.IsKernelAddress(node)
                        || node > ulong.MaxValue - (2 * sizeof(ulong))
                        || !seen.Add(node)
                        || seen.Count > MaxTimers
                        || !_memory.TryReadUInt64(node, out ulong next)
                        || !_memory.TryReadUInt64(node + sizeof(ulong), out ulong back)
                        || back != from
                    )
                    {
                        addDefect($"the timer wheel of CPU {number} is torn");
                        break;
                    }

                    yield return unchecked(node - (ulong)_entry.Offset);
                    from = node;
                    node = next;
                }
            }
        }
    }
}
