using System.Text;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Network;

/// <summary>Reads the names of unix sockets, and the sockets at their other ends.</summary>
internal sealed class LinuxUnixNames
{
    private const ulong MaxName = 110; // sizeof(struct sockaddr_un)
    private const int FamilySize = 2;

    private readonly IMemoryReader _memory;
    private readonly LinuxField? _address;
    private readonly LinuxField? _peer;
    private readonly LinuxField? _length;
    private readonly LinuxField? _name;

    public LinuxUnixNames(GuestKernel kernel)
    {
        _memory = kernel.Values.Memory;
        _address = LinuxField.Find(kernel.Values, "struct unix_sock", "addr");
        _peer = LinuxField.Find(kernel.Values, "struct unix_sock", "peer");
        _length = LinuxField.Find(kernel.Values, "struct unix_address", "len");
        _name = LinuxField.Find(kernel.Values, "struct unix_address", "name");
    }

    /// <summary>Finds the socket at the other end; 0 when there is none, null when that can't be read.</summary>
    public ulong? ReadPeer(ulong socket) => _peer?.Read(_memory, socket);

    /// <summary>
    /// Reads a name: a path, or @ and what a program called it that wanted none; null when it has none.
    /// </summary>
    public string? ReadName(ulong socket)
    {
        if (
            _address?.Read(_memory, socket) is not { } place
            || !LinuxStruct.IsKernelAddress(place)
            || _name is not { } name
            || _length?.Read(_memory, place) is not (> FamilySize and <= MaxName and var length)
        )
            return null;

        byte[] text = new byte[(int)length - FamilySize];
        if (!_memory.TryRead(unchecked(place + (ulong)name.Offset + FamilySize), text))
            return null;

        if (text[0] == 0)
            return "@" + Encoding.UTF8.GetString(text.AsSpan(1)).Replace('\0', '@');

        int end = text.AsSpan().IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text.AsSpan(0, end));
    }
}
