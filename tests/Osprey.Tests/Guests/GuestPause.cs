using Osprey.Target.Architectures;
using Osprey.Tests.Guests.Qmp;

namespace Osprey.Tests.Guests;

/// <summary>
/// A guest that a test paused, at a moment at which every vCPU is in its loop. It goes on when this is disposed.
/// </summary>
internal sealed class GuestPause : IDisposable
{
    private readonly LinuxGuest _guest;

    public GuestPause(LinuxGuest guest)
    {
        _guest = guest;
        Qmp = new QmpClient(guest.TestQmpSocket);
        try
        {
            Registers = Stop();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The connection that it was paused by.</summary>
    public QmpClient Qmp { get; }

    /// <summary>What the vCPUs' registers hold, in QEMU's own words.</summary>
    public IReadOnlyList<RegisterSet> Registers { get; }

    /// <summary>Whether the guest still stands.</summary>
    public bool IsPaused => Qmp.Execute("query-status").GetProperty("status").GetString() == "paused";

    /// <inheritdoc/>
    public void Dispose()
    {
        Qmp.Execute("cont");
        Qmp.Dispose();
    }

    // Timers take vCPUs into the kernel now and then.
    private RegisterSet[] Stop()
    {
        for (int i = 0; i < 500; i++)
        {
            Qmp.Execute("stop");
            RegisterSet[] registers =
            [
                .. _guest.Report.Workers.Select(worker => new QemuCpu(Qmp, worker.Cpu).ReadRegisters()),
            ];
            if (registers.All(_guest.Report.IsInLoop))
                return registers;

            Qmp.Execute("cont");
            Thread.Sleep(5);
        }

        throw new InvalidOperationException("the vCPUs are never in their loops at once");
    }
}
