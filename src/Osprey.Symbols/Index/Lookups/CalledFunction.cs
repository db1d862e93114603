namespace Osprey.Symbols.Index.Lookups;

/// <summary>The answer to where a call leads.</summary>
/// <param name="HasSite">True when debug info describes the call.</param>
/// <param name="Target">The function that it calls; null when it is indirect, or the call is not described.</param>
internal readonly record struct CalledFunction(bool HasSite, CallTarget? Target);
