using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Processes;

/// <summary>The memory of a running process by its own addresses, in place of a guest's physical memory.</summary>
internal sealed class ProcessSpace(RunningProcess process) : IPhysicalMemory, IDisposable
{
    private readonly ProcessMemory _memory = new(process);
    private IReadOnlyList<MemoryBlock>? _blocks;
    private long _blocksGeneration;

    public StopGeneration Generation { get; } = new();

    public string Method => _memory.Method;

    public IReadOnlyList<MemoryBlock> Blocks
    {
        get
        {
            if (_blocks is null || _blocksGeneration != Generation.Value)
            {
                _blocks = ProcessBlocks.Of(process.ReadMappings());
                _blocksGeneration = Generation.Value;
            }

            return _blocks;
        }
    }

    public int Read(PhysicalAddress address, Span<byte> buffer) => _memory.Read(address.Value, buffer);

    public void Dispose() => _memory.Dispose();
}
