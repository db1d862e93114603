namespace Osprey.Tests.Packets.Captures;

/// <summary>A packet for a capture that a test builds.</summary>
/// <param name="Time">Nanoseconds since 1970; whole microseconds, so that all formats hold it.</param>
/// <param name="Data">What is captured.</param>
/// <param name="OriginalLength">Bytes that it had.</param>
internal sealed record BuiltRecord(ulong Time, byte[] Data, uint OriginalLength)
{
    public BuiltRecord(ulong time, byte[] data)
        : this(time, data, (uint)data.Length) { }
}
