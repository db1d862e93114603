using Osprey.Probes.Processes;
using Osprey.Probes.Values;

namespace Osprey.Probes.Tracing.Ptrace;

/// <summary>A thread that stands at a probe. Used again for each.</summary>
/// <param name="memory">The process's memory.</param>
internal sealed class StoppedThread(ProcessMemory memory) : IProbeState
{
    private const int FirstVector = 17;
    private const int VectorOffset = 160; // of xmm0 in FXSAVE's layout

    private readonly byte[] _floats = new byte[512];
    private bool _hasFloats;
    private UserRegisters _registers;
    private int _threadId;

    /// <summary>Moves on to a thread.</summary>
    /// <param name="threadId">The thread.</param>
    /// <param name="registers">Its registers, the program counter moved back to the NOP.</param>
    public void Use(int threadId, UserRegisters registers)
    {
        _threadId = threadId;
        _registers = registers;
        _hasFloats = false;
    }

    public bool TryGetRegister(int number, out ulong value) => _registers.TryGet(number, out value);

    public bool TryGetVector(int number, Span<byte> bytes)
    {
        if (number is < FirstVector or >= FirstVector + 16)
            return false;

        _hasFloats = _hasFloats || PtraceCalls.TryGetFloats(_threadId, _floats);
        if (_hasFloats)
            _floats.AsSpan(VectorOffset + ((number - FirstVector) * 16), 16).CopyTo(bytes);

        return _hasFloats;
    }

    public bool TryGetSegment(string name, out ulong value)
    {
        value = name == "fs" ? _registers.FsBase : _registers.GsBase;
        return name is "fs" or "gs";
    }

    public int ReadMemory(ulong address, Span<byte> buffer) => memory.Read(address, buffer);
}
