namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>A drive of the guest, and the node that its requests go to.</summary>
/// <param name="Name">
/// The name that a user gives it: the drive's, else that of its device, else the node's.
/// </param>
/// <param name="Device">The name of the drive (<c>-drive id=</c>); null when it has none.</param>
/// <param name="QdevPath">The path of the guest's device in QEMU's object tree; null when none has the drive.</param>
/// <param name="Node">The node at the top, such as that of qcow2; null when there is no medium.</param>
/// <param name="StopsForErrors">
/// True when QEMU stops the guest for some errors (<c>werror=</c>, <c>rerror=</c>) in place of telling it; "not enough
/// space" is one unless QEMU was told otherwise. Null when QEMU does not say.
/// </param>
public sealed record BlockDrive(string Name, string? Device, string? QdevPath, BlockNode? Node, bool? StopsForErrors)
{
    /// <summary>
    /// The drive as the monitor's qemu-io takes it. By a node's name qemu-io would wait until no request is under way,
    /// for ever where one is suspended; by a drive or a device it does not.
    /// </summary>
    internal string Address => QdevPath is { } path ? $"-d {path}" : Device ?? "";

    /// <summary>Tells whether a user means this drive by a word.</summary>
    internal bool Is(string word) =>
        word.Length > 0 && (word == Name || word == Device || word == Node?.Name || word == QdevId || word == QdevPath);

    /// <summary>The device's own name (<c>-device id=</c>); null when QEMU made none.</summary>
    internal string? QdevId => FindId(QdevPath);

    /// <summary>Finds a device's name in its path, such as "/machine/peripheral/disk0/virtio-backend".</summary>
    internal static string? FindId(string? path)
    {
        const string Named = "/machine/peripheral/";
        return path?.StartsWith(Named, StringComparison.Ordinal) == true ? path[Named.Length..].Split('/')[0] : null;
    }
}
