namespace Osprey.Session.Traces.Changes;

/// <summary>Two traces can't be put on one time line.</summary>
/// <param name="message">Why.</param>
public sealed class MergeException(string message) : Exception(message);
