using Osprey.Guests;
using Osprey.Guests.Network;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Network;

/// <summary>The answer to: which network interfaces and sockets does the guest have?</summary>
/// <param name="Interfaces">The interfaces, in the kernel's order.</param>
/// <param name="Sockets">The sockets, by protocol.</param>
/// <param name="Defects">The reasons why some may be missing, in words.</param>
public sealed record NetworkAnswer(
    IReadOnlyList<GuestInterface> Interfaces,
    IReadOnlyList<GuestSocket> Sockets,
    IReadOnlyList<string> Defects
)
{
    private const string FirstProcess = "1";

    /// <summary>The columns.</summary>
    public static Shape<NetworkAnswer> Shape { get; } =
        new Shape<NetworkAnswer>("network")
            .Records("interfaces", answer => answer.Interfaces, () => InterfaceShape.Shape)
            .Records("sockets", answer => answer.Sockets, () => SocketShape.Shape)
            .Texts("defects", answer => answer.Defects);

    /// <summary>Asks a guest. A live guest is not paused.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="process">
    /// The process whose network is meant: the number, address or name of one of its threads; null for the first.
    /// </param>
    /// <param name="context">The wish to end early.</param>
    /// <exception cref="TargetException">There is no such process, or the guest's network is not known.</exception>
    public static NetworkAnswer Ask(GuestSession session, string? process, QuestionContext context)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(context);
        IGuestNetwork network = session.RequireAbility<IGuestNetwork>("its network can't be listed");
        GuestThreadState thread = session.FindThread(process ?? FirstProcess);
        GuestThreadList threads = session.ListThreads(context.Cancellation);
        GuestList<GuestInterface> interfaces = network.ReadInterfaces(session.Kernel, thread, context.Cancellation);
        GuestList<GuestSocket> sockets = network.ReadSockets(session.Kernel, thread, threads, context.Cancellation);
        return new NetworkAnswer(
            interfaces.Items,
            [
                .. sockets
                    .Items.OrderBy(socket => GetRank(socket.Protocol))
                    .ThenBy(socket => socket.Protocol, StringComparer.Ordinal)
                    .ThenBy(socket => socket.State == "listening" ? 0 : 1)
                    .ThenBy(socket => socket.Inode ?? ulong.MaxValue)
                    .ThenBy(socket => socket.Address),
            ],
            [.. interfaces.Defects, .. sockets.Defects]
        );
    }

    private static int GetRank(string protocol) =>
        protocol switch
        {
            "tcp" or "tcp6" => 0,
            "unix" => 2,
            "netlink" => 3,
            "packet" => 4,
            _ => 1,
        };
}
