using Osprey.Rsp;
using Osprey.Rsp.Client;
using Osprey.Target.Execution;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Gdb;

/// <summary>Writes a guest's RAM through its stub, by physical address.</summary>
internal sealed class GdbMemoryWriter(
    RspClient client,
    IPhysicalMemory memory,
    Func<RspException, TargetException> translate
) : IMemoryWriter
{
    /// <inheritdoc/>
    public void Write(PhysicalAddress address, ReadOnlySpan<byte> bytes)
    {
        RamCheck.Require(memory, address, bytes.Length);
        try
        {
            client.WritePhysicalMemory(address.Value, bytes);
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
        finally
        {
            memory.Generation.Advance();
        }
    }
}
