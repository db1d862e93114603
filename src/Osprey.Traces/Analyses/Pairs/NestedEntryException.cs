namespace Osprey.Traces.Analyses.Pairs;

/// <summary>
/// An entry under a name that is already open: where the reference gives up. Only thrown in compat mode.
/// </summary>
public sealed class NestedEntryException(string message) : Exception(message);
