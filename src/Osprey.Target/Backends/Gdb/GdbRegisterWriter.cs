using System.Buffers.Binary;
using System.Text;
using Osprey.Rsp;
using Osprey.Rsp.Client;
using Osprey.Target.Architectures;
using Osprey.Target.Execution;

namespace Osprey.Target.Backends.Gdb;

/// <summary>Writes registers through a stub.</summary>
internal sealed class GdbRegisterWriter(
    RspClient client,
    GdbCpus cpus,
    Action<int> noteMoved,
    Func<RspException, TargetException> translate
) : IRegisterWriter
{
    /// <inheritdoc/>
    public void WriteRegister(int cpu, Register register, ulong value)
    {
        int number =
            cpus.FindNumber(register)
            ?? throw new TargetException(
                TargetProblem.NotSupported,
                $"the gdb stub does not say how register {register.Name} is written"
            );
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        try
        {
            cpus.Select(cpu);
            byte[] reply = client.Request(
                Encoding.ASCII.GetBytes($"P{number:x}={Convert.ToHexStringLower(bytes[..register.Size])}")
            );
            if (!reply.AsSpan().SequenceEqual("OK"u8))
                throw new TargetException(
                    TargetProblem.StubFailed,
                    $"the gdb stub does not write register {register.Name}"
                );
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
        finally
        {
            noteMoved(cpu);
        }
    }
}
