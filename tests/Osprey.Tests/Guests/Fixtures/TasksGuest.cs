using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Scheduling;
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
    /// A core of QEMU's, of a moment at which the last vCPU ran a task that spins, the other one was ready, and the
    /// first vCPU had nothing to do.
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
            string[] ready =
            [
                .. RunQueueRow
                    .Ask(session, new QuestionContext())
                    .Items.Select(row => row.Thread?.Name ?? "")
                    .Order(StringComparer.Ordinal),
            ];
            if (
                ready is [var first, var second, "swapper/0"]
                && first.StartsWith("spinner-", StringComparison.Ordinal)
                && second.StartsWith("spinner-", StringComparison.Ordinal)
            )
                return path;
        }

        throw new InvalidOperationException("the guest's vCPUs are never at what they should do");
    }
}
