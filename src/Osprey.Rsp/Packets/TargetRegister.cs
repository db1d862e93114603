namespace Osprey.Rsp.Packets;

/// <summary>A register of a target description.</summary>
/// <param name="Number">What packets call it.</param>
/// <param name="Name">Its name, such as "rax".</param>
/// <param name="BitSize">Its size in bits.</param>
/// <param name="Feature">The feature that it belongs to, such as "org.gnu.gdb.i386.core".</param>
public sealed record TargetRegister(int Number, string Name, int BitSize, string Feature)
{
    /// <summary>Its size in packets, in bytes.</summary>
    public int ByteSize => (BitSize + 7) / 8;
}
