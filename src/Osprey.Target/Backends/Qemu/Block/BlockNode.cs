namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>A node of QEMU's block graph: a driver at work, such as that of qcow2 or of a file.</summary>
/// <param name="Name">The node's name; one that QEMU made up begins with <c>#</c>.</param>
/// <param name="Driver">The driver, such as "qcow2"; null when QEMU does not say.</param>
/// <param name="FileName">The file as QEMU describes it; null when QEMU does not say.</param>
/// <param name="IsReadOnly">True when nothing may be written through it.</param>
/// <param name="DetectZeroes">Its setting of detect-zeroes, such as "off"; null when QEMU does not say.</param>
/// <param name="Children">The nodes below it.</param>
public sealed record BlockNode(
    string Name,
    string? Driver,
    string? FileName,
    bool IsReadOnly,
    string? DetectZeroes,
    IReadOnlyList<BlockEdge> Children
)
{
    /// <summary>Finds the child of a role, such as "file"; null when there is none.</summary>
    public string? FindChild(string role) => Children.FirstOrDefault(edge => edge.Role == role)?.Child;
}
