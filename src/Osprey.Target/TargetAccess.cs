namespace Osprey.Target;

/// <summary>The state of a guest while it is read: it says whether all reads are of the same moment.</summary>
public enum TargetAccess
{
    /// <summary>It runs on: two reads may be of different moments.</summary>
    Live,

    /// <summary>Its vCPUs stand still.</summary>
    Paused,

    /// <summary>A file of a moment that is past.</summary>
    Core,
}
