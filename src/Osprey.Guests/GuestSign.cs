namespace Osprey.Guests;

/// <summary>One observation that tells which operating system runs in a guest.</summary>
/// <param name="Name">A short name for programs, such as "banner".</param>
/// <param name="Description">The observation in words, such as "ELF image at physical 0x200000".</param>
public sealed record GuestSign(string Name, string Description);
