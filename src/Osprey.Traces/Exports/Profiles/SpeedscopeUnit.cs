namespace Osprey.Traces.Exports.Profiles;

/// <summary>The unit of a speedscope profile's weights.</summary>
public enum SpeedscopeUnit
{
    /// <summary>Just hits.</summary>
    None,

    /// <summary>Durations.</summary>
    Nanoseconds,

    /// <summary>Amounts of memory.</summary>
    Bytes,
}
