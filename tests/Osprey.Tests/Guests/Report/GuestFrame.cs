namespace Osprey.Tests.Guests.Report;

/// <summary>An activation on a worker's stack.</summary>
/// <param name="Function">The function.</param>
/// <param name="CanonicalFrameAddress">Its CFA (DWARF 5, section 6.4).</param>
/// <param name="ReturnAddress">Where it returns to.</param>
/// <param name="Magic">The value of its parameter "magic".</param>
/// <param name="Local">Its variable "here", a <c>struct local</c>; null when it has none.</param>
internal sealed record GuestFrame(
    string Function,
    ulong CanonicalFrameAddress,
    ulong ReturnAddress,
    ulong Magic,
    GuestContent? Local
);
