using Osprey.Guests.Modules;

namespace Osprey.Session.Guests.Programs;

/// <summary>A file that a guest has loaded, and the file of this host that it was made of.</summary>
/// <param name="Loaded">The file in the guest.</param>
/// <param name="Path">The file of this host; null when none was found.</param>
/// <param name="Origin">The way it was found, or the reason why it was not, in words.</param>
public sealed record ModuleFile(GuestObject Loaded, string? Path, string Origin);
