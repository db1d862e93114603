using Osprey.Symbols.Types.Names;

namespace Osprey.Symbols.Types.Entries;

/// <summary>An entry that the index has for a name.</summary>
/// <remarks>
/// This is a class because the class library's lists of structs of ours are not compiled ahead of time.
/// </remarks>
internal sealed record FoundEntry(NameKind Kind, Entry Entry);
