namespace Osprey.Rsp.Packets;

/// <summary>
/// The packet <c>vCont</c>: lets threads run. It has no reply but the stop packet that comes when the program stops.
/// </summary>
internal static class ResumeRequest
{
    /// <summary>Lets all threads run.</summary>
    public static byte[] Continue() => [.. "vCont;c"u8];

    /// <summary>Lets one thread execute one instruction, and no other thread run.</summary>
    public static byte[] Step(ThreadId thread) => [.. "vCont;s:"u8, .. thread.ToBytes()];
}
