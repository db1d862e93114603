namespace Osprey.Traces.Formats.Osvt;

/// <summary>An ELF object loaded in the guest.</summary>
public sealed record OsvtModule(string Path, ulong Base, ulong? Size, IReadOnlyList<OsvtSection> Sections);
