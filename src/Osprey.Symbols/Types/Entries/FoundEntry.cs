using Osprey.Symbols.Types.Names;

namespace Osprey.Symbols.Types.Entries;

/// <summary>An entry that the index has for a name.</summary>
/// <remarks>A class because the class library's lists of values of ours are not compiled ahead of time.</remarks>
internal sealed record FoundEntry(NameKind Kind, Entry Entry);
