namespace Osprey.Rsp.Packets;

/// <summary>A register of a target description.</summary>
/// <param name="Number">The number of the register in packets.</param>
/// <param name="Name">The register's name, such as "rax".</param>
/// <param name="BitSize">The size in bits.</param>
/// <param name="Feature">
/// The feature that the register belongs to, such as "org.gnu.gdb.i386.core"; empty for none.
/// </param>
public sealed record TargetRegister(int Number, string Name, int BitSize, string Feature)
{
    /// <summary>The size in packets, in bytes.</summary>
    public int ByteSize => (BitSize + 7) / 8;
}
