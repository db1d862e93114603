namespace Osprey.Debug.Calls;

/// <summary>An argument of a call, or its result.</summary>
/// <param name="Name">The parameter's name, or the register where no debug info names it.</param>
/// <param name="Text">The value in words.</param>
/// <param name="Bits">The register's content; null for what is not in one.</param>
public readonly record struct CallArgument(string Name, string Text, ulong? Bits);
