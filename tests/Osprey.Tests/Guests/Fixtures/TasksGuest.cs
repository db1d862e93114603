using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target.Backends.CoreFile;
using Osprey.Tests.Guests.Qmp;

namespace Osprey.Tests.Guests.Fixtures;

/// <summary>The guest of <see cref="LinuxGuestVariant.Tasks"/>.</summary>
public sealed class TasksGuest : LinuxGuestFixture
{
    private const int Attempts = 20;

    private readonly Lazy<string> _core;

    public TasksGuest()
        : base(LinuxGuestVariant.Tasks) => _core = new Lazy<string>(MakeCore);

    /// <summary>
    /// A core of QEMU's, of a moment at which the last vCPU ran a task that spins, and the first none.
    /// </summary>
    internal string Core => _core.Value;

    private string MakeCore()
    {
        string path = Path.Combine(Guest.Folder, "elf.core");
        using var qmp = new QmpClient(Guest.TestQmpSocket);
        for (int i = 0; i < Attempts; i++)
        {
            File.Delete(path);
            qmp.Execute("dump-guest-memory", new { paging = false, protocol = $"file:{path}" });
            using var session = GuestSession.Over(CoreTarget.Open(path), new GuestSettings { Cpu = 0, NoCache = true });
            GuestThreadState[] running = [.. session.ListThreads().Threads.Where(task => task.IsRunning)];
            if (
                running.Any(task => task.Name.StartsWith("spinner-", StringComparison.Ordinal))
                && running.Any(task => task.Name == "swapper/0")
            )
                return path;
        }

        throw new InvalidOperationException("the guest's vCPUs are never at what they should do");
    }
}
