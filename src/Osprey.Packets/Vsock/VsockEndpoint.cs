using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Osprey.Packets.Vsock;

/// <summary>One end of a vsock connection.</summary>
/// <param name="Cid">The context identifier: which machine.</param>
/// <param name="Port">The port there.</param>
public readonly record struct VsockEndpoint(ulong Cid, uint Port)
{
    private const ulong Hypervisor = 0; // VMADDR_CID_HYPERVISOR
    private const ulong Local = 1; // VMADDR_CID_LOCAL
    private const ulong Host = 2; // VMADDR_CID_HOST
    private const ulong AnyCid = uint.MaxValue; // VMADDR_CID_ANY
    private const uint AnyPort = uint.MaxValue; // VMADDR_PORT_ANY

    /// <summary>Reads <c>CID:PORT</c>, both numbers or names as <see cref="ToString"/> writes them.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out VsockEndpoint endpoint)
    {
        endpoint = default;
        if (text?.Split(':') is not [string cid, string port])
            return false;

        ulong? cidValue = cid switch
        {
            "hypervisor" => Hypervisor,
            "local" => Local,
            "host" => Host,
            "any" => AnyCid,
            _ => ulong.TryParse(cid, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null,
        };
        uint portValue = AnyPort;
        if (
            cidValue is null
            || (port != "any" && !uint.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out portValue))
        )
            return false;

        endpoint = new VsockEndpoint(cidValue.Value, portValue);
        return true;
    }

    /// <summary>Writes <c>CID:PORT</c>, with names for the CIDs that mean the same everywhere.</summary>
    public override string ToString()
    {
        string cid = Cid switch
        {
            Hypervisor => "hypervisor",
            Local => "local",
            Host => "host",
            AnyCid => "any",
            _ => Cid.ToString(CultureInfo.InvariantCulture),
        };
        return $"{cid}:{(Port == AnyPort ? "any" : Port.ToString(CultureInfo.InvariantCulture))}";
    }
}
