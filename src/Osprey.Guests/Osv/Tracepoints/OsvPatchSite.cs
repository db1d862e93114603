namespace Osprey.Guests.Osv.Tracepoints;

/// <summary>A place in OSv's code that hits a tracepoint: one instruction of 5 bytes.</summary>
/// <param name="Id">The tracepoint's identity, as it stands in memory.</param>
/// <param name="Address">The instruction's address.</param>
/// <param name="SlowPath">The address that it jumps to when the tracepoint is active.</param>
internal readonly record struct OsvPatchSite(UInt128 Id, ulong Address, ulong SlowPath)
{
    /// <summary>The instruction's size.</summary>
    public const int Size = 5;

    private const byte JumpRelative = 0xe9; // jmp rel32

    /// <summary>The instruction of a tracepoint that is not active: it does nothing.</summary>
    public static ReadOnlyMemory<byte> Idle { get; } = new byte[] { 0x0f, 0x1f, 0x44, 0x00, 0x00 };

    /// <summary>The address behind the instruction.</summary>
    public ulong End => unchecked(Address + Size);

    /// <summary>The distance that the jump goes.</summary>
    public long Distance => unchecked((long)(SlowPath - End));

    /// <summary>The instruction of a tracepoint that is active: a jump to the slow path.</summary>
    public byte[] MakeJump()
    {
        int distance = (int)Distance;
        return unchecked(
            [JumpRelative, (byte)distance, (byte)(distance >> 8), (byte)(distance >> 16), (byte)(distance >> 24)]
        );
    }
}
