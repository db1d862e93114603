namespace Osprey.Guests.Memory;

/// <summary>The use of a guest's memory, as its kernel counts it.</summary>
/// <param name="Parts">The parts, those that the kernel counts itself first.</param>
/// <param name="Defects">The reasons why parts may be missing, in words.</param>
public sealed record GuestMemoryUse(IReadOnlyList<GuestMemoryPart> Parts, IReadOnlyList<string> Defects);
