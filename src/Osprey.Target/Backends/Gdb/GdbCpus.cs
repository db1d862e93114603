using Osprey.Binary;
using Osprey.Rsp.Client;
using Osprey.Rsp.Packets;
using Osprey.Target.Architectures;
using Osprey.Target.Backends.Qemu;

namespace Osprey.Target.Backends.Gdb;

/// <summary>The vCPUs behind a stub and their registers.</summary>
internal sealed class GdbCpus
{
    private readonly RspClient _client;
    private readonly ThreadId[] _threads;
    private readonly TargetDescription? _description;
    private readonly (TargetRegister Source, Register Register)[] _known;
    private readonly (long Generation, RegisterSet? Registers, RegisterBlock? Block)[] _cache;
    private readonly StopGeneration _generation;

    private GdbCpus(
        RspClient client,
        ThreadId[] threads,
        Architecture architecture,
        TargetDescription? description,
        StopGeneration generation
    )
    {
        Architecture = architecture;
        _client = client;
        _threads = threads;
        _description = description;
        _cache = new (long, RegisterSet?, RegisterBlock?)[threads.Length];
        _generation = generation;
        _known = [.. FindKnown(description)];
    }

    /// <summary>Their architecture.</summary>
    public Architecture Architecture { get; }

    /// <summary>Their number.</summary>
    public int Count => _threads.Length;

    /// <summary>The process that the threads belong to; null where the stub does not say.</summary>
    public long? Process => _threads[0].Process;

    /// <summary>Asks the stub which there are.</summary>
    /// <exception cref="TargetException">
    /// There is none, they are of several clusters, or of another architecture.
    /// </exception>
    public static GdbCpus Open(RspClient client, StopGeneration generation)
    {
        ThreadId[] threads = [.. client.ReadThreads()];
        Array.Sort(threads, (left, right) => left.Thread.CompareTo(right.Thread));
        if (threads.Length == 0)
            throw new TargetException(TargetProblem.UnsupportedCpus, "the gdb stub lists no vCPU");

        if (Array.Exists(threads, thread => thread.Process != threads[0].Process))
            throw new TargetException(
                TargetProblem.UnsupportedCpus,
                "the gdb stub's vCPUs belong to several clusters (processes); only guests with one can be read"
            );

        TargetDescription? description = client.ReadTargetDescription();
        Architecture? architecture = description is null
            ? KnownArchitectures.All[0] // QEMU's stub describes its registers: this one is old
            : KnownArchitectures.Find(description);
        if (architecture is null)
            throw new TargetException(
                TargetProblem.UnsupportedArchitecture,
                $"the guest's architecture is {description?.Architecture ?? "unknown"}; "
                    + $"only {string.Join(", ", KnownArchitectures.All)} can be read through a gdb stub"
            );

        return new GdbCpus(client, threads, architecture, description, generation);
    }

    /// <summary>Gets the stub's name for a vCPU.</summary>
    /// <exception cref="TargetException">There is no such vCPU.</exception>
    public ThreadId GetThread(int cpu) => (uint)cpu < (uint)_threads.Length ? _threads[cpu] : throw NoSuchCpu(cpu);

    /// <summary>Finds a vCPU by the stub's name; null when there is none of this name.</summary>
    public int? Find(ThreadId thread)
    {
        int index = Array.FindIndex(_threads, known => known.Thread == thread.Thread);
        return index < 0 ? null : index;
    }

    /// <summary>Makes a vCPU the one that virtual addresses are translated by.</summary>
    public void Select(int cpu)
    {
        if ((uint)cpu >= (uint)_threads.Length)
            throw NoSuchCpu(cpu);

        _client.SelectThread(_threads[cpu]);
    }

    /// <summary>Reads a vCPU's registers. They are kept until the guest may have run.</summary>
    public RegisterSet Read(int cpu)
    {
        if ((uint)cpu >= (uint)_threads.Length)
            throw NoSuchCpu(cpu);

        long generation = _generation.Value;
        if (_cache[cpu].Generation != generation || _cache[cpu].Registers is not { } registers)
        {
            Select(cpu);
            (registers, RegisterBlock? block) = ReadNew(cpu);
            _cache[cpu] = (generation, registers, block);
        }

        return registers.Copy();
    }

    /// <summary>
    /// Reads a register that is none of the architecture's, such as a floating-point or vector register, as bytes in
    /// the target's order; null when the stub does not have it.
    /// </summary>
    public byte[]? ReadOther(int cpu, string name)
    {
        TargetRegister? register = _description?.Registers.FirstOrDefault(one => one.Name == name);
        if (register is null)
            return null;

        _ = Read(cpu);
        return _cache[cpu].Block?.ReadBytes(register);
    }

    /// <summary>The number by which the stub knows a register; null when it does not describe it.</summary>
    public int? FindNumber(Register register)
    {
        foreach ((TargetRegister source, Register known) in _known)
        {
            if (known == register)
                return source.Number;
        }

        return null;
    }

    private TargetException NoSuchCpu(int cpu) => TargetException.NoSuchCpu("the guest", _threads.Length, cpu);

    private (RegisterSet Registers, RegisterBlock? Block) ReadNew(int cpu)
    {
        RegisterBlock? block = null;
        var registers = new RegisterSet(Architecture);
        if (_description is not null)
        {
            block = _client.ReadRegisters(_description);
            foreach ((TargetRegister source, Register register) in _known)
                registers[register] = block.Read(source) ?? ReadOne(source);
        }

        if (RegisterText.CanComplete(registers))
            Complete(registers, cpu);

        return (registers, block);
    }

    private ulong? ReadOne(TargetRegister register)
    {
        byte[]? bytes = _client.ReadRegister(register.Number);
        if (bytes is null || bytes.Length > sizeof(ulong))
            return null;

        return Architecture.ReadNumber(bytes);
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

            foreach (Register register in Architecture.Registers)
                registers[register] ??= all[cpu][register];
        }
        catch (BadDataException malformed)
        {
            throw new TargetException(
                TargetProblem.MonitorNotUnderstood,
                $"QEMU's monitor gave registers that can't be read: {malformed.Message}",
                malformed
            );
        }
    }

    private IEnumerable<(TargetRegister Source, Register Register)> FindKnown(TargetDescription? description)
    {
        foreach (TargetRegister source in description?.Registers ?? [])
        {
            if (source.BitSize <= 64 && Architecture.FindRegister(source.Name) is { } register)
                yield return (source, register);
        }
    }
}
