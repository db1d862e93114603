namespace Osprey.Traces.Exports.Profiles;

/// <summary>What the weights of a speedscope profile count.</summary>
public enum SpeedscopeUnit
{
    /// <summary>Just hits.</summary>
    None,
    Nanoseconds,
    Bytes,
}
