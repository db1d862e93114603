using System.Globalization;
using Osprey.Guests.Network;

namespace Osprey.Session.Answers.Guests.Network;

/// <summary>The columns of a list of sockets.</summary>
public static class SocketShape
{
    private const int MaxUsersInText = 3;

    /// <summary>The columns.</summary>
    public static Shape<GuestSocket> Shape { get; } =
        new Shape<GuestSocket>("sockets")
            .Text("protocol", socket => socket.Protocol)
            .Text("type", socket => socket.Type)
            .OnlyInData()
            .Text("state", socket => socket.State)
            .Unsigned("receiveQueue", socket => socket.ReceiveQueue)
            .Headed("TO READ")
            .Unsigned("sendQueue", socket => socket.SendQueue)
            .Headed("TO SEND")
            .Unsigned("backlog", socket => socket.Backlog)
            .OnlyInData()
            .Text("local", socket => socket.Local)
            .Text("remote", socket => socket.Remote)
            .Unsigned("inode", socket => socket.Inode)
            .Text("users", DescribeUsers)
            .OnlyInText()
            .Records("users", socket => socket.Users, () => SocketUserShape.Shape)
            .OnlyInData()
            .Address("object", socket => socket.Address)
            .OnlyInData();

    private static string? DescribeUsers(GuestSocket socket)
    {
        if (socket.Users.Count == 0)
            return null;

        IEnumerable<string> shown = socket
            .Users.Take(MaxUsersInText)
            .Select(user => string.Create(CultureInfo.InvariantCulture, $"{user.Name}:{user.ProcessId}/{user.File}"));
        string more = socket.Users.Count > MaxUsersInText ? $" and {socket.Users.Count - MaxUsersInText} more" : "";
        return string.Join(' ', shown) + more;
    }
}
