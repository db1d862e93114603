namespace Osprey.Guests.Network;

/// <summary>A process that has a socket open.</summary>
/// <param name="ProcessId">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="File">The number of the file that the socket is to it.</param>
public sealed record GuestSocketUser(ulong ProcessId, string Name, int File);
