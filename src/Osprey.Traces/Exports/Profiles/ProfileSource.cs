namespace Osprey.Traces.Exports.Profiles;

/// <summary>The events that a profile is made of.</summary>
public enum ProfileSource
{
    /// <summary>Every sample counts one.</summary>
    Hits,

    /// <summary>The time that threads wait.</summary>
    Wait,

    /// <summary>The time that threads wait for mutexes.</summary>
    Lock,

    /// <summary>The time between the two ends of chosen tracepoints.</summary>
    Timed,

    /// <summary>The time that threads wait while their CPU is idle.</summary>
    Idle,
}
