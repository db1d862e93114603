using System.Buffers.Binary;
using System.Text;
using Osprey.Rsp;
using Osprey.Rsp.Client;
using Osprey.Target.Architectures;
using Osprey.Target.Execution;

namespace Osprey.Target.Backends.Gdb;

/// <summary>Writes registers through a stub.</summary>
/// <param name="client">The connection.</param>
/// <param name="cpus">The vCPUs.</param>
/// <param name="leaving">Held by who lets go of the guest.</param>
/// <param name="throwIfLeft">Refuses when the guest has been let go of.</param>
/// <param name="noteMoved">Told of the vCPU afterwards.</param>
/// <param name="translate">Makes an error for the user.</param>
internal sealed class GdbRegisterWriter(
    RspClient client,
    GdbCpus cpus,
    Lock leaving,
    Action throwIfLeft,
    Action<int> noteMoved,
    Func<RspException, TargetException> translate
) : IRegisterWriter
{
    /// <inheritdoc/>
    public void WriteRegisters(int cpu, IReadOnlyList<(Register Register, ulong Value)> values) =>
        Write(cpu, values, runs: false);

    /// <summary>Writes registers.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="values">The registers and their values.</param>
    /// <param name="runs">
    /// Whether the guest is let run with them, in one piece: then the wait for its stop says when the stub refuses one.
    /// </param>
    public void Write(int cpu, IReadOnlyList<(Register Register, ulong Value)> values, bool runs)
    {
        byte[][] requests = [.. values.Select(value => Encode(value.Register, value.Value))];
        lock (leaving)
        {
            throwIfLeft();
            try
            {
                cpus.Select(cpu);
                if (runs)
                {
                    client.ContinueAfter(requests);
                    return;
                }

                for (int i = 0; i < requests.Length; i++)
                {
                    if (!client.Request(requests[i]).AsSpan().SequenceEqual("OK"u8))
                        throw new TargetException(
                            TargetProblem.StubFailed,
                            $"the gdb stub does not write register {values[i].Register.Name}"
                        );
                }
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

    private byte[] Encode(Register register, ulong value)
    {
        int number =
            cpus.FindNumber(register)
            ?? throw new TargetException(
                TargetProblem.NotSupported,
                $"the gdb stub does not say how register {register.Name} is written"
            );
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Encoding.ASCII.GetBytes($"P{number:x}={Convert.ToHexStringLower(bytes[..register.Size])}");
    }
}
