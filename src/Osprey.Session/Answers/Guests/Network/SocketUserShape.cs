using Osprey.Guests.Network;

namespace Osprey.Session.Answers.Guests.Network;

/// <summary>The columns of the processes that have a socket.</summary>
public static class SocketUserShape
{
    /// <summary>The columns.</summary>
    public static Shape<GuestSocketUser> Shape { get; } =
        new Shape<GuestSocketUser>("users")
            .Unsigned("pid", user => user.ProcessId)
            .Text("name", user => user.Name)
            .Integer("file", user => user.File);
}
