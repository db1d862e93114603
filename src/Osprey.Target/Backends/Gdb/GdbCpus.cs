using Osprey.Binary;
using Osprey.Rsp.Client;
using Osprey.Rsp.Packets;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Qemu;

namespace Osprey.Target.Backends.Gdb;

/// <summary>The vCPUs behind a stub and their registers.</summary>
internal sealed class GdbCpus
{
    private readonly RspClient _client;
    private readonly ThreadId[] _threads;
    private readonly TargetDescription? _description;
    private readonly (TargetRegister Source, X64Register Register)[] _known;
    private readonly RegisterSet?[] _cache;

    private GdbCpus(RspClient client, ThreadId[] threads, TargetDescription? description)
    {
        _client = client;
        _threads = threads;
        _description = description;
        _cache = new RegisterSet?[threads.Length];
        _known = [.. FindKnown(description)];
    }

    /// <summary>How many there are.</summary>
    public int Count => _threads.Length;

    /// <summary>What threads belong to; null where the stub does not say.</summary>
    public long? Process => _threads[0].Process;

    /// <summary>Asks the stub which there are.</summary>
    /// <exception cref="TargetException">
    /// There is none, they are of several clusters, or of another architecture.
    /// </exception>
    public static GdbCpus Open(RspClient client)
    {
        ThreadId[] threads = [.. client.ReadThreads()];
        Array.Sort(threads, (left, right) => left.Thread.CompareTo(right.Thread));
        if (threads.Length == 0)
            throw new TargetException("the gdb stub lists no vCPU");

        if (Array.Exists(threads, thread => thread.Process != threads[0].Process))
            throw new TargetException(
                "the gdb stub's vCPUs belong to several clusters (processes); only guests with one can be read"
            );

        TargetDescription? description = client.ReadTargetDescription();
        if (description is not null && description.Find("rax") is null)
            throw new TargetException(
                $"the guest's architecture is {description.Architecture ?? "unknown"}; only x86-64 can be read through a gdb stub"
            );

        return new GdbCpus(client, threads, description);
    }

    /// <summary>Makes a vCPU the one that virtual addresses are translated by.</summary>
    public void Select(int cpu)
    {
        if ((uint)cpu >= (uint)_threads.Length)
            throw new TargetException($"there is no vCPU {cpu}: the guest has {_threads.Length}");

        _client.SelectThread(_threads[cpu]);
    }

    /// <summary>Forgets what was read: the guest may have run.</summary>
    public void Refresh() => Array.Clear(_cache);

    /// <summary>Reads a vCPU's registers.</summary>
    public RegisterSet Read(int cpu)
    {
        Select(cpu);
        return (_cache[cpu] ??= ReadNew(cpu)).Copy();
    }

    private RegisterSet ReadNew(int cpu)
    {
        var registers = new RegisterSet();
        if (_description is not null)
        {
            RegisterBlock block = _client.ReadRegisters(_description);
            foreach ((TargetRegister source, X64Register register) in _known)
                registers[register] = block.Read(source) ?? ReadOne(source);
        }

        // QEMU before 4.1 has the bases of segments and the control registers in its monitor only.
        if (registers[X64Register.FsBase] is null || registers[X64Register.Cr3] is null)
            Complete(registers, cpu);

        return registers;
    }

    private ulong? ReadOne(TargetRegister register)
    {
        byte[]? bytes = _client.ReadRegister(register.Number);
        if (bytes is null || bytes.Length > sizeof(ulong))
            return null;

        ulong value = 0;
        for (int i = 0; i < bytes.Length; i++)
            value |= (ulong)bytes[i] << (8 * i);

        return value;
    }

    private void Complete(RegisterSet registers, int cpu)
    {
        try
        {
            if (_client.Monitor("info registers -a") is not string text)
                return;

            IReadOnlyList<RegisterSet> all = RegisterText.ParseAll(text);
            if (all.Count != _threads.Length)
                return;

            foreach (X64Register register in Enum.GetValues<X64Register>())
                registers[register] ??= all[cpu][register];
        }
        catch (BadDataException malformed)
        {
            throw new TargetException(
                $"QEMU's monitor gave registers that can't be read: {malformed.Message}",
                inner: malformed
            );
        }
    }

    private static IEnumerable<(TargetRegister Source, X64Register Register)> FindKnown(TargetDescription? description)
    {
        foreach (TargetRegister source in description?.Registers ?? [])
        {
            X64Register? register = source.Name switch
            {
                "eflags" => X64Register.Rflags,
                "k_gs_base" => X64Register.KernelGsBase,
                _ => RegisterSet.TryParseName(source.Name, out X64Register? named) ? named : null,
            };
            if (register is X64Register known && source.BitSize <= 64)
                yield return (source, known);
        }
    }
}
