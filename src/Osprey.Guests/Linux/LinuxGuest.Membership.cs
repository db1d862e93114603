using Osprey.Guests.Linux.Threads;
using Osprey.Guests.Threads;

namespace Osprey.Guests.Linux;

/// <content>The control groups and namespaces of tasks.</content>
internal sealed partial class LinuxGuest : IGuestMembership
{
    public IReadOnlyList<GuestMembership> ReadMemberships(
        GuestKernel kernel,
        IReadOnlyList<GuestThreadState> threads,
        CancellationToken cancellation
    )
    {
        _ = GetTasks(kernel); // says what is missing
        var reader = new LinuxMembership(kernel);
        var found = new List<GuestMembership>();
        foreach (GuestThreadState thread in threads)
        {
            cancellation.ThrowIfCancellationRequested();
            found.Add(reader.Read(thread));
        }

        return found;
    }
}
