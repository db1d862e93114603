using Osprey.Rsp.Packets;

namespace Osprey.Rsp.Client;

/// <content>Letting the program run, breakpoints, and writing its memory.</content>
public sealed partial class RspClient
{
    private static readonly byte[] s_physicalOn = "Qqemu.PhyMemMode:1"u8.ToArray();
    private static readonly byte[] s_physicalOff = "Qqemu.PhyMemMode:0"u8.ToArray();

    /// <summary>
    /// True when the program was let run and did not stop since, as far as is known. Nothing can be asked meanwhile.
    /// </summary>
    public bool IsProgramRunning => _exchange.IsProgramRunning;

    /// <summary>True when the stub hung up, or the connection failed.</summary>
    public bool IsBroken => _connection.IsBroken;

    /// <summary>Lets all threads run. It is not waited until they stop: see <see cref="WaitForStop"/>.</summary>
    public void Continue() => Run(ResumeRequest.Continue());

    /// <summary>True when the stub takes requests and <see cref="ContinueAfter"/> in one piece: QEMU's.</summary>
    public bool CanContinueAfter => _exchange.HoldsAcks;

    /// <summary>
    /// Sends requests and lets all threads run, without waiting for replies in between. The next wait for the stop says
    /// when the stub refused one of them.
    /// </summary>
    /// <param name="writes">The requests, such as <c>P</c>; the reply to each is OK.</param>
    /// <exception cref="RspException">The stub does not take that (<see cref="CanContinueAfter"/>).</exception>
    public void ContinueAfter(IReadOnlyList<byte[]> writes)
    {
        if (!CanContinueAfter)
            throw new RspException("the stub does not take requests ahead of the one that lets the program run");

        lock (_gate)
        {
            _selected = null;
            _exchange.ResumeAfter(writes, ResumeRequest.Continue());
        }
    }

    /// <summary>Lets one thread execute one instruction; then the program stops.</summary>
    public void Step(ThreadId thread) => Run(ResumeRequest.Step(thread));

    /// <summary>Takes back the last instruction; then the program stops.</summary>
    public void StepBack() => Run([.. "bs"u8]);

    /// <summary>Lets the program run backwards, until a breakpoint or the beginning of what was recorded.</summary>
    public void ContinueBack() => Run([.. "bc"u8]);

    /// <summary>Asks for the program to be stopped; does nothing when it does not run.</summary>
    public void Interrupt()
    {
        lock (_gate)
            _exchange.Interrupt();
    }

    /// <summary>
    /// Waits until the program stops. Other threads have to wait for that long: be brief, and repeat.
    /// </summary>
    /// <param name="patience">How long.</param>
    /// <returns>Null when it still runs then, or does not run at all.</returns>
    /// <exception cref="RspException">The stub refused to let it run, or hung up.</exception>
    public StopReply? WaitForStop(TimeSpan patience)
    {
        lock (_gate)
        {
            StopReply? stop = _exchange.TryReceiveStop(patience);
            if (Features.HasPhysicalMemoryMode && stop is { Kind: StopKind.Signal, Thread: { } thread })
                _selected = thread; // QEMU's stub selects the thread that it tells

            return stop;
        }
    }

    /// <summary>Inserts a breakpoint or a watchpoint.</summary>
    /// <returns>False when the stub has none of this type.</returns>
    /// <exception cref="RspException">The stub refuses.</exception>
    public bool Insert(BreakpointRequest breakpoint)
    {
        byte[] request = breakpoint.ToInsert();
        byte[] reply = Request(request);
        if (reply.Length == 0)
            return false;

        return reply.AsSpan().SequenceEqual("OK"u8) ? true : throw Unexpected("OK", request, reply);
    }

    /// <summary>Removes a breakpoint or a watchpoint that was inserted.</summary>
    /// <exception cref="RspException">The stub refuses.</exception>
    public void Remove(BreakpointRequest breakpoint) => Expect(breakpoint.ToRemove());

    /// <summary>Writes memory as the selected thread sees it, all of a range or nothing.</summary>
    /// <returns>False when the stub refuses.</returns>
    /// <exception cref="RspException">The connection failed.</exception>
    public bool TryWriteMemory(ulong address, ReadOnlySpan<byte> bytes) =>
        Request(MemoryWriteRequest.Write(address, bytes)).AsSpan().SequenceEqual("OK"u8);

    /// <summary>Writes guest-physical memory. Write only to what is known to be RAM.</summary>
    /// <exception cref="RspException">The stub has no physical mode, or refuses.</exception>
    public void WritePhysicalMemory(ulong address, ReadOnlySpan<byte> bytes)
    {
        if (!Features.HasPhysicalMemoryMode)
            throw new RspException("the stub can't write by physical address");

        int most = (Math.Min(Features.PacketSize, _exchange.Options.MaxPacketSize) - MemoryWriteRequest.Overhead) / 2;
        lock (_gate)
        {
            Expect(s_physicalOn);
            try
            {
                while (!bytes.IsEmpty)
                {
                    int size = Math.Min(bytes.Length, most);
                    Expect(MemoryWriteRequest.Write(address, bytes[..size]));
                    address += (ulong)size;
                    bytes = bytes[size..];
                }
            }
            finally
            {
                Expect(s_physicalOff);
            }
        }
    }

    private void Run(byte[] request)
    {
        lock (_gate)
        {
            _selected = null;
            _exchange.Resume(request);
        }
    }
}
