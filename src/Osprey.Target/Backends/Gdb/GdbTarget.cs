using System.Diagnostics;
using Osprey.Binary;
using Osprey.Rsp;
using Osprey.Rsp.Client;
using Osprey.Target.Architectures;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Execution;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Gdb;

/// <summary>A guest through QEMU's gdb stub. Connecting stops it; disposing leaves it as it was found.</summary>
/// <remarks>
/// A guest that ran is let run by detaching. One that was paused stays so: there the connection is just dropped, which
/// QEMU takes as no command at all. A program that is ended by a signal must call <see cref="Leave"/> for that, also in
/// the middle of a request: otherwise the guest stands still for good.
/// </remarks>
public sealed class GdbTarget : GuestTarget
{
    private readonly StopGeneration _generation;
    private readonly RspClient _client;
    private readonly GdbCpus _cpus;
    private readonly GdbPhysicalMemory _memory;
    private readonly GdbExecution _execution;
    private readonly GdbMemoryWriter _writer;
    private readonly GdbRegisterWriter _registers;
    private readonly GdbOptions _options;
    private readonly GdbFoundState _found;
    private readonly List<string> _notes = [];
    private Breakpoint[] _left = [];
    private readonly Lock _leaving = new();
    private readonly long _connected;
    private readonly long? _process;
    private TimeSpan? _paused;
    private int _stops;
    private bool _wasDisturbed;
    private volatile bool _hasLeft;
    private bool? _leavesRunning;

    private GdbTarget(string name, RspClient client, GdbOptions options, long connected, CancellationToken cancellation)
    {
        Name = name;
        Permissions = options.Permissions;
        _generation = options.Generation ?? new StopGeneration();
        _options = options;
        _client = client;
        _connected = connected;
        _found =
            options.WasRunning is bool known && client.FirstStop is null
                ? new GdbFoundState(known, true)
                : GdbFoundState.Find(client, cancellation);
        using CancellationTokenRegistration registration = cancellation.Register(client.Cancel);
        try
        {
            _cpus = GdbCpus.Open(client, _generation);
            _process = _cpus.Process;
            _memory = OpenMemory();
            TimeSpan patience = options.Protocol.Timeout;
            _execution = new GdbExecution(
                client,
                _cpus,
                _generation,
                patience,
                Translate,
                () => _hasLeft,
                options.NoteBreakpoint ?? ((_, _) => { }),
                (cpu, values, runs) => _registers!.Write(cpu, values, runs),
                options.Memory
            );
            _writer = new GdbMemoryWriter(client, _memory, Translate);
            _registers = new GdbRegisterWriter(client, _cpus, _leaving, ThrowIfLeft, _execution.NoteMoved, Translate);
            cancellation.ThrowIfCancellationRequested();
        }
        catch
        {
            Leave();
            throw;
        }

        _stops = client.StopCount;
        if (!_found.IsCertain)
            _notes.Add("the gdb stub does not tell whether the guest was running; it will be let run at the end");
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override GdbTarget Stub => this;

    /// <summary>The place where the stub listens; null for a stream that was handed over.</summary>
    public GdbEndpoint? Endpoint { get; private set; }

    /// <inheritdoc/>
    public override TargetAccess Access => _execution.IsRunning ? TargetAccess.Live : TargetAccess.Paused;

    /// <inheritdoc/>
    public override Architecture Architecture => _cpus.Architecture;

    /// <inheritdoc/>
    public override IPhysicalMemory Memory => _memory;

    /// <inheritdoc/>
    public override int CpuCount => _cpus.Count;

    /// <summary>
    /// Tells whether the guest ran before it was connected to, as far as that is known: what it is left as.
    /// </summary>
    public bool WasRunning => _found.WasRunning;

    /// <inheritdoc/>
    public override TimeSpan PausedFor =>
        _found.WasRunning ? (_paused ?? Stopwatch.GetElapsedTime(_connected)) - _execution.Ran : TimeSpan.Zero;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => _notes;

    /// <summary>Connects to a stub: the guest stands still until the result is disposed.</summary>
    /// <param name="endpoint"><c>host:port</c>, <c>:port</c> or <c>unix:PATH</c>.</param>
    /// <param name="options">How; null for the usual.</param>
    /// <param name="cancellation">The user's wish to end early. The guest is left as it was found.</param>
    /// <exception cref="TargetException">
    /// Nobody listens there, another debugger is connected, or it is not the stub of an x86-64 guest.
    /// </exception>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    public static GdbTarget Connect(
        string endpoint,
        GdbOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        options ??= GdbOptions.Default;
        var place = GdbEndpoint.Parse(endpoint);
        long connected = Stopwatch.GetTimestamp();
        GdbTarget target = Open(place.Connect(cancellation), $"gdb stub {place}", options, connected, cancellation);
        target.Endpoint = place;
        return target;
    }

    /// <summary>Reads a guest over a stream to its stub; see <see cref="Connect"/>.</summary>
    internal static GdbTarget Open(
        Stream stream,
        string name,
        GdbOptions options,
        long connected,
        CancellationToken cancellation = default
    )
    {
        var client = new RspClient(stream, options.Protocol, options.Transcript);
        try
        {
            ShakeHands(client, cancellation);
        }
        catch (RspException failed)
        {
            // The stub may be another host's, and serve another debugger: the connection then stays in its queue.
            client.LetRunWhenRead();
            client.Dispose();
            cancellation.ThrowIfCancellationRequested();
            throw new TargetException(TargetProblem.StubSilent, $"{name}: {failed.Message}", failed);
        }

        try
        {
            return new GdbTarget(name, client, options, connected, cancellation);
        }
        catch (RspException failed)
        {
            client.Dispose();
            cancellation.ThrowIfCancellationRequested();
            throw new TargetException(TargetProblem.StubFailed, $"{name}: {failed.Message}", failed);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static void ShakeHands(RspClient client, CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.Register(client.Cancel);
        client.Handshake();
    }

    /// <inheritdoc/>
    public override RegisterSet ReadRegisters(int cpu)
    {
        ThrowIfLeft();
        try
        {
            RegisterSet registers = _cpus.Read(cpu);
            NoticeStops();
            return registers;
        }
        catch (RspException failed)
        {
            throw Translate(failed);
        }
    }

    /// <summary>A vCPU's address space as the stub translates it, pages that it can't reach missing.</summary>
    public IMemoryReader GetVirtualMemory(int cpu) => new GdbVirtualMemory(this, cpu);

    /// <inheritdoc/>
    protected override T? FindAbility<T>()
        where T : class =>
        typeof(T) == typeof(IReplayControl) && !_execution.CanReplay
            ? null
            : _execution as T ?? _writer as T ?? _registers as T;

    /// <summary>The ability, allowed or not; null when the stub does not have it.</summary>
    internal T? Find<T>()
        where T : class => FindAbility<T>();

    /// <summary>
    /// Looks after breakpoints that a program left in the guest which was killed: removes them where the guest may be
    /// written, and makes a note of them.
    /// </summary>
    /// <param name="left">The breakpoints.</param>
    public void TendLeft(IReadOnlyCollection<Breakpoint> left)
    {
        _left = [.. left]; // the caller's changes while they are removed
        if (left.Count == 0)
            return;

        string places = string.Join(", ", left.Take(3).Select(one => $"0x{one.Address:x}"));
        places += left.Count > 3 ? ", ..." : "";
        string who = $"an osprey that was killed left {left.Count} breakpoints in the guest ({places})";
        if (!Permissions.HasFlag(TargetPermissions.Write))
        {
            _notes.Add(
                LeavesRunning
                    ? $"{who}; QEMU takes them out when its stub is left"
                    : $"{who}; osprey continue --clear --write removes them and lets it run"
            );
            return;
        }

        int removed = _execution.RemoveLeft(_left);
        _generation.Advance();
        _notes.Add($"{who}: {removed} of them were removed");
    }

    /// <summary>Has QEMU's monitor run a command.</summary>
    /// <returns>Its answer; null when the stub has no monitor.</returns>
    /// <exception cref="TargetException">The guest runs, or the stub can't be reached any more.</exception>
    public string? Monitor(string command)
    {
        ThrowIfLeft();
        try
        {
            string? answer = _client.Monitor(command);
            NoticeStops();
            _generation.Advance();
            return answer;
        }
        catch (RspException failed)
        {
            throw Translate(failed);
        }
    }

    /// <summary>
    /// Reads a vCPU's register that is none of the architecture's, such as <c>st0</c> or <c>xmm0</c>, as bytes in its
    /// order.
    /// </summary>
    /// <param name="cpu">The vCPU's number from 0.</param>
    /// <param name="name">The name that the stub's description has.</param>
    /// <returns>Null when the stub does not have it.</returns>
    /// <exception cref="TargetException">The stub does not answer.</exception>
    public byte[]? ReadOtherRegister(int cpu, string name)
    {
        ThrowIfLeft();
        try
        {
            return _cpus.ReadOther(cpu, name);
        }
        catch (RspException failed)
        {
            throw Translate(failed);
        }
    }

    internal int ReadVirtual(int cpu, ulong address, Span<byte> buffer)
    {
        ThrowIfLeft();
        try
        {
            _cpus.Select(cpu);
            int read = _client.ReadMemory(address, buffer);
            NoticeStops();
            return read;
        }
        catch (RspException failed)
        {
            throw Translate(failed);
        }
    }

    /// <inheritdoc/>
    public override void Leave()
    {
        lock (_leaving)
        {
            if (_hasLeft)
                return;

            _hasLeft = true;
            try
            {
                // Ends the request under way, if there is one. The next puts the conversation in order and ends
                // physical mode.
                _client.Cancel();
                _client.Take();
                _client.Resume();
                _execution?.End();
                LetGo(_client);
            }
            catch (RspException)
            {
                LeaveAnew();
            }
            finally
            {
                _paused = Stopwatch.GetElapsedTime(_connected);
                _client.Dispose();
            }
        }
    }

    /// <summary>Whether the guest will run once it is left.</summary>
    public bool LeavesRunning => _leavesRunning ?? _found.WasRunning;

    /// <inheritdoc/>
    public override void LeaveAs(bool runs) => _leavesRunning = runs;

    private void LetGo(RspClient client)
    {
        if (!LeavesRunning)
        {
            _ = client.Request("qC"u8);
            return;
        }

        client.Detach(client.Features.HasMultiprocess ? _process ?? 1 : null);

        // QEMU takes all breakpoints out when a debugger detaches, those that another one left as well.
        foreach (Breakpoint one in _left)
            _options.NoteBreakpoint?.Invoke(one, false);
    }

    /// <summary>
    /// Leaves the guest over a new connection, where the old one broke: the stub may be well, and hold the guest.
    /// </summary>
    private void LeaveAnew()
    {
        if (Endpoint is null || !_client.IsBroken)
            return;

        try
        {
            _client.Dispose(); // a stub has one debugger at a time
            using var client = new RspClient(Endpoint.Connect(), _options.Protocol);
            client.Handshake();
            _execution?.RemoveAll(client);
            LetGo(client);
        }
        catch (Exception gone) when (gone is RspException or TargetException)
        {
            // The stub is gone, or does not answer: there is nobody left to tell.
        }
    }

    private GdbPhysicalMemory OpenMemory()
    {
        var blocks = new List<MemoryBlock>();
        try
        {
            foreach (MemoryTreeRow row in MemoryTreeText.Parse(_client.Monitor("info mtree -f") ?? ""))
                blocks.Add(new MemoryBlock(row.Start, row.Size, row.Kind, row.Block));
        }
        catch (BadDataException malformed)
        {
            throw new TargetException(
                TargetProblem.MonitorNotUnderstood,
                $"QEMU's map of the guest's memory can't be read: {malformed.Message}",
                malformed
            );
        }

        if (blocks.Count == 0)
            _notes.Add("the gdb stub has no map of physical memory: only virtual addresses can be read");

        bool hasMode = _client.Features.HasPhysicalMemoryMode;
        if (!hasMode && blocks.Count > 0)
            _notes.Add("the gdb stub has no physical mode: memory is read through the monitor, slowly");

        return new GdbPhysicalMemory(blocks, _generation, ReadPhysical);
    }

    private int ReadPhysical(ulong address, Span<byte> buffer)
    {
        ThrowIfLeft();
        try
        {
            int read = _client.Features.HasPhysicalMemoryMode
                ? _client.ReadPhysicalMemory(address, buffer)
                : MonitorMemory.Read(_client, address, buffer);
            NoticeStops();
            return read;
        }
        catch (RspException failed)
        {
            throw Translate(failed);
        }
    }

    /// <summary>
    /// A stop packet that nobody asked for says that somebody let the guest run meanwhile: what was kept is old.
    /// </summary>
    private void NoticeStops()
    {
        if (_client.StopCount == _stops)
            return;

        if (!_wasDisturbed)
            _notes.Add("the guest was let run by somebody else while it was read");

        _wasDisturbed = true;
        _stops = _client.StopCount;
        _generation.Advance();
    }

    private void ThrowIfLeft()
    {
        if (_hasLeft)
            throw new TargetException(TargetProblem.LetGo, $"{Name} has been let go of");
    }

    private TargetException Translate(RspException failed) =>
        _hasLeft
            ? new(TargetProblem.LetGo, $"{Name} has been let go of", failed)
            : new(TargetProblem.StubFailed, $"{Name}: {failed.Message}", failed);
}
