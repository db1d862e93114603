using System.Buffers.Binary;
using Osprey.Probes.Processes;
using Osprey.Probes.Values;

namespace Osprey.Probes.Tracing.Uprobes;

/// <summary>A thread as it was when it hit a probe: its registers, and as much of its stack as was copied.</summary>
/// <param name="memory">The process's memory as it is now, for code.</param>
internal sealed class SampledThread(ProcessMemory memory) : IProbeState
{
    /// <summary>For each DWARF number the place among the registers of a sample.</summary>
    private static readonly byte[] s_places = [0, 3, 2, 1, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 8];

    private readonly ulong[] _registers = new ulong[PerfEvent.RegisterCount];
    private byte[] _stack = [];
    private int _stackSize;

    /// <summary>Reads registers and stack, as a sample has them.</summary>
    /// <returns>False when the sample is cut short, or of no 64-bit program.</returns>
    public bool TryRead(ReadOnlySpan<byte> sample)
    {
        _stackSize = 0;
        if (sample.Length < 8 + (8 * _registers.Length) || sample[0] != 2) // PERF_SAMPLE_REGS_ABI_64
            return false;

        for (int i = 0; i < _registers.Length; i++)
            _registers[i] = BinaryPrimitives.ReadUInt64LittleEndian(sample[(8 + (8 * i))..]);

        sample = sample[(8 + (8 * _registers.Length))..];
        if (sample.Length < 16)
            return true;

        ulong room = BinaryPrimitives.ReadUInt64LittleEndian(sample);
        if (room > (ulong)sample.Length - 16)
            return true;

        ulong used = BinaryPrimitives.ReadUInt64LittleEndian(sample[(8 + (int)room)..]);
        _stackSize = (int)Math.Min(room, used);
        if (_stack.Length < _stackSize)
            _stack = new byte[_stackSize];

        sample.Slice(8, _stackSize).CopyTo(_stack);
        return true;
    }

    public bool TryGetRegister(int number, out ulong value)
    {
        bool isKnown = number >= 0 && number < s_places.Length;
        value = isKnown ? _registers[s_places[number]] : 0;
        return isKnown;
    }

    public bool TryGetVector(int number, Span<byte> bytes) => false;

    public bool TryGetSegment(string name, out ulong value)
    {
        value = 0;
        return false;
    }

    public int ReadMemory(ulong address, Span<byte> buffer)
    {
        ulong stack = _registers[7];
        if (address < stack || address - stack >= (ulong)_stackSize)
            return memory.Read(address, buffer);

        int start = (int)(address - stack);
        int count = Math.Min(buffer.Length, _stackSize - start);
        _stack.AsSpan(start, count).CopyTo(buffer);
        return count;
    }
}
